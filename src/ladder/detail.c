#include "pktladder/detail.h"

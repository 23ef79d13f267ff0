#include "pktladder/text.h"

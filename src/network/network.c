#include "pktladder/network.h"

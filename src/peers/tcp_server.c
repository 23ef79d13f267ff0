#include "pktladder/peers.h"

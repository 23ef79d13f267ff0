#include "pktladder/call.h"

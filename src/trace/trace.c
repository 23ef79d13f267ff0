#include "pktladder/trace.h"

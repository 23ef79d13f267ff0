#include "pktladder/flow.h"

#include "pktladder/ladder.h"

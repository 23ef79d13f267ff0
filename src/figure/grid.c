#include "pktladder/grid.h"

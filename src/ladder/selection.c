#include "pktladder/selection.h"

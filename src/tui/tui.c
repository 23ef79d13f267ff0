#include "pktladder/tui.h"

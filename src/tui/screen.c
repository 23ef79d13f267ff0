#include "pktladder/screen.h"

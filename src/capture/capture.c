#include "pktladder/capture.h"

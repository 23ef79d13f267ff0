#include "pktladder/track.h"

#include "pktladder/recording.h"

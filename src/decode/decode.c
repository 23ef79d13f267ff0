#include "pktladder/decode.h"

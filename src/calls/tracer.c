#include "pktladder/tracer.h"

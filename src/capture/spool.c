#include "pktladder/spool.h"

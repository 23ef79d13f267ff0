#include "pktladder/endpoint.h"

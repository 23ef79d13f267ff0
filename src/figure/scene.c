#include "pktladder/scene.h"

/* fold_label.h - what a fold says of its run. */
#pragma once

#include "pktladder/ladder.h"

#define FOLD_LABEL_LEVELS 3
void fold_label(GString *label, const Ladder *ladder, const LadderRow *row, guint level);

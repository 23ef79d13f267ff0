/* SPDX-License-Identifier: MIT */
/* summary_private.h - how conversations are compared by a column. */
#pragma once

#include "pktladder/summary.h"

/* What sorts before has the smaller rank; where ranks are equal, column_compare()
 * knows more of endpoints. */
guint64 column_rank(const Summary *summary, guint32 conversation, SummaryColumn column);
gboolean column_is_endpoint(SummaryColumn column);
int column_compare(const Summary *summary, guint32 a, guint32 b, SummaryColumn column);

/* SPDX-License-Identifier: MIT */
/* summary_columns.h - what one conversation has in one column. Private to src/ladder. */
#pragma once

#include "pktladder/summary.h"

const Trace *summary_trace(const Summary *summary);

/* What sorts before has the smaller rank; where ranks are equal, column_compare()
 * knows more of endpoints. */
guint64 column_rank(const Summary *summary, guint32 conversation, SummaryColumn column);
gboolean column_is_endpoint(SummaryColumn column);
int column_compare(const Summary *summary, guint32 a, guint32 b, SummaryColumn column);

/* SPDX-License-Identifier: MIT */
/* summary_columns.h - what one conversation has in one column. Private to src/ladder. */
#pragma once

#include "pktladder/summary.h"

gint64 column_value(const Trace *trace, guint32 conversation, SummaryColumn column);
void column_append(const Trace *trace, guint32 conversation, SummaryColumn column,
		   SummaryStyle style, GString *text);

gboolean column_is_problem(const Trace *trace, guint32 conversation, SummaryColumn column);

/* What sorts before has the smaller rank; where ranks are equal, column_compare()
 * knows more of endpoints. */
guint64 column_rank(const Trace *trace, guint32 conversation, SummaryColumn column);
gboolean column_is_endpoint(SummaryColumn column);
int column_compare(const Trace *trace, guint32 a, guint32 b, SummaryColumn column);

#include "sequence.h"

#include <string.h>

GByteArray *
sequence_waits(const Figure *figure)
{
	guint rows = figure->rows->len;
	GByteArray *waits = g_byte_array_new();

	g_byte_array_set_size(waits, figure->lanes->len * rows);
	if (waits->len > 0)
		memset(waits->data, FALSE, waits->len);
	for (guint i = 0; i < figure->bars->len; i++) {
		const FigureBar *bar = figure_bar(figure, i);
		guint end = bar->open ? bar->last + 1 : bar->last;

		if (end > bar->first)
			memset(waits->data + bar->lane * rows + bar->first, TRUE, end - bar->first);
	}
	return waits;
}

gboolean
sequence_waits_below(const Figure *figure, const GByteArray *waits, guint lane, gint64 row)
{
	return row >= 0 && waits->data[lane * figure->rows->len + row];
}

gboolean
sequence_is_left(const FigureRow *row, Side side)
{
	return row->lane[side] < row->lane[!side];
}

gboolean
sequence_is_cause(const FigureRow *row, Side side)
{
	return row->lane[side] == row->from && row->row.cell[side].entry != EVENT_NONE;
}

gboolean
sequence_has_cell(const FigureRow *row, Side side)
{
	return row->cell[side].call || row->cell[side].state;
}

gboolean
sequence_is_arrow(const FigureRow *row)
{
	return row->row.kind == ROW_ARROW || row->row.kind == ROW_FOLD;
}

static char *
timed(const char *time, const char *text)
{
	return time ? g_strdup_printf("%s: %s", time, text) : g_strdup(text);
}

char *
sequence_text(const FigureRow *row)
{
	if (row->number)
		return g_strdup_printf("%u. %s", row->number, row->label);
	return g_strdup(row->label);
}

char *
sequence_label(const FigureRow *row)
{
	g_autofree char *text = sequence_text(row);

	return text ? timed(row->time, text) : NULL;
}

char *
sequence_call(const FigureRow *row, Side side)
{
	gboolean timeless = row->label != NULL;

	if (!row->cell[side].call)
		return NULL;
	return timed(timeless ? NULL : row->time, row->cell[side].call);
}

static const char *const colours[N_ROLES] = {
	[ROLE_SYN] = "009E73",	[ROLE_DATA] = "0072B2",	   [ROLE_FOLD] = "0072B2",
	[ROLE_FIN] = "AA5599",	[ROLE_DATAGRAM] = "0072B2", [ROLE_RST] = "D55E00",
	[ROLE_ICMP] = "D55E00", [ROLE_ODD] = "AA5599",	   [ROLE_PROBLEM] = "D55E00",
	[ROLE_DROPS] = "D55E00", [ROLE_CALL_FAILED] = "D55E00",
};

const char *
sequence_colour(Role role)
{
	return role < N_ROLES ? colours[role] : NULL;
}

gboolean
sequence_is_dashed(Role role)
{
	return role == ROLE_ACK;
}

gboolean
sequence_is_problem(Role role)
{
	return role == ROLE_PROBLEM || role == ROLE_RST || role == ROLE_ICMP || role == ROLE_DROPS;
}

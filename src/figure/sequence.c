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

/* Those of figure_style.c on a light ground. */
static const char *const colours[N_ROLES] = {
	[ROLE_SYN] = "007A5A",	 [ROLE_DATA] = "0066A6",     [ROLE_FOLD] = "0066A6",
	[ROLE_FIN] = "94407A",	 [ROLE_DATAGRAM] = "0066A6", [ROLE_RST] = "B23C00",
	[ROLE_ICMP] = "875C00",	 [ROLE_ODD] = "6A4FA3",	     [ROLE_PROBLEM] = "B23C00",
	[ROLE_DROPS] = "B23C00", [ROLE_CALL_FAILED] = "B23C00",
};

const char *
sequence_colour(const FigureOptions *options, Role role)
{
	if (options->palette == FIGURE_PALETTE_BW || role >= N_ROLES)
		return NULL;
	return colours[role];
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

/* SPDX-License-Identifier: MIT */
/* slant.c - arrows that slant by the measured time on the way.
 *
 * Theory of operation. A row stands at its packet's time at the end where the capture was taken,
 * the near one. Rows in proportion to time are a scale; where the peer capture's time lies on it,
 * there the arrow touches the far lifeline. Else the times of the far end have slots between the
 * rows, in the order of time. Labels stand level at the near end, above the line of what leaves and
 * below that of what arrives: each has its row's space for itself, however steep the lines are.
 */
#include "placing.h"

#include <math.h>

#include "pktladder/timestamp.h"
#include "pktladder/sorted.h"

#define OUTSIDE_LEAST 12.0 /* before the first row and after the last one, pixels */
#define OUTSIDE_MOST  60.0
#define SLOT_HEIGHT   14.0
#define LOST_FALL     18.0
#define LABEL_ABOVE   7.5
#define LABEL_BELOW   15.5
#define LABEL_ROOM    26.0 /* between lifeline and label */
#define CELL_HEIGHT   13.0 /* of a line beside a lifeline */

static Side
far_side(const FigureRow *row)
{
	return row->transit.way == TRANSIT_ARRIVES ? row->row.from : !row->row.from;
}

/* A row on the scale of rows in proportion to time. */
typedef struct {
	gint64 time_ns;
	double y;
} Stop;

/* How far beyond an end of the scale a time stands: by the scale's average, but not far. */
static double
scale_outside(const GArray *scale, double passed_ns)
{
	const Stop *first = &g_array_index(scale, Stop, 0);
	const Stop *last = &g_array_index(scale, Stop, scale->len - 1);
	double whole_ns = (double)last->time_ns - first->time_ns;

	return whole_ns > 0
		   ? CLAMP(passed_ns / whole_ns * (last->y - first->y), OUTSIDE_LEAST, OUTSIDE_MOST)
		   : OUTSIDE_LEAST;
}

static double
scale_y(const GArray *scale, gint64 time_ns)
{
	const Stop *stops = (const Stop *)(gconstpointer)scale->data, *next, *before;
	guint low = 0, high = scale->len;

	SORTED_SEARCH(low, high, stops[middle].time_ns <= time_ns); /* how many are not after it */
	next = &stops[low];
	before = next - 1;
	if (low == 0)
		return next->y - scale_outside(scale, (double)next->time_ns - time_ns);
	if (low < scale->len)
		return before->y + ((double)time_ns - before->time_ns) /
				       ((double)next->time_ns - before->time_ns) *
				       (next->y - before->y);
	if (time_ns == before->time_ns)
		return before->y;
	return before->y + scale_outside(scale, (double)time_ns - before->time_ns);
}

double
figure_slant_room(const FigureLayout *layout)
{
	gint64 first_ns =
	    layout->n_rows > 0 ? figure_row(layout->figure, layout->first)->row.time_ns : 0;

	for (guint i = 0; i < layout->n_rows; i++) {
		const Transit *transit = &figure_row(layout->figure, layout->first + i)->transit;

		if (transit->way == TRANSIT_ARRIVES && transit->other_ns < first_ns)
			return OUTSIDE_MOST;
	}
	return 0;
}

/* Whatever the clocks say, nothing arrives before it was sent. */
static void
far_set(FigurePlace *place, const FigureRow *row, double y)
{
	if (row->transit.way == TRANSIT_LOST)
		y = place->axis + LOST_FALL;
	else if (row->transit.way == TRANSIT_LEAVES)
		y = MAX(y, place->axis);
	else
		y = MIN(y, place->axis);
	place->y[far_side(row)] = y;
}

double
figure_slant_place(FigureLayout *layout)
{
	g_autoptr(GArray) scale = g_array_new(FALSE, FALSE, sizeof(Stop));
	double bottom = 0;

	/* Rows whose time goes backwards are none of the scale. */
	for (guint i = 0; i < layout->n_rows; i++) {
		Stop stop = { figure_row(layout->figure, layout->first + i)->row.time_ns,
			      figure_place(layout, i)->axis };

		if (scale->len == 0 ||
		    g_array_index(scale, Stop, scale->len - 1).time_ns <= stop.time_ns)
			g_array_append_val(scale, stop);
	}
	for (guint i = 0; i < layout->n_rows; i++) {
		const FigureRow *row = figure_row(layout->figure, layout->first + i);
		FigurePlace *place = figure_place(layout, i);

		if (!figure_slant_is_true(row))
			continue;
		far_set(place, row, scale_y(scale, row->transit.other_ns));
		bottom = MAX(bottom, place->y[far_side(row)] + CELL_HEIGHT);
	}
	return bottom;
}

/* A time of the far end between rows that are not. */
typedef struct {
	gint64 time_ns;
	guint row; /* of the page */
} Slot;

SORTED_COMPARE(slot_compare, Slot, time_ns, row)

FigureSlots
figure_slots_of(const FigureLayout *layout)
{
	FigureSlots slots = { .times = g_array_new(FALSE, FALSE, sizeof(Slot)),
			      .y = g_new0(double, layout->n_rows),
			      .last = layout->top };

	for (guint i = 0; i < layout->n_rows; i++) {
		const Transit *transit = &figure_row(layout->figure, layout->first + i)->transit;
		Slot slot = { transit->other_ns, i };

		if (transit->way == TRANSIT_LEAVES || transit->way == TRANSIT_ARRIVES)
			g_array_append_val(slots.times, slot);
	}
	g_array_sort(slots.times, slot_compare);
	return slots;
}

double
figure_slots_axis(FigureSlots *slots, gint64 time_ns, double y)
{
	guint end = slots->next, n;

	while (end < slots->times->len && g_array_index(slots->times, Slot, end).time_ns <= time_ns)
		end++;
	n = end - slots->next;
	y = floor(MAX(y, slots->last + (n + 1) * SLOT_HEIGHT)) + 0.5;
	for (guint i = 0; i < n; i++) {
		guint row = g_array_index(slots->times, Slot, slots->next + i).row;

		slots->y[row] = slots->last + (y - slots->last) * (i + 1) / (n + 1);
	}
	slots->next = end;
	return slots->last = y;
}

double
figure_slots_place(FigureSlots *slots, FigureLayout *layout)
{
	double bottom = slots->last;

	for (; slots->next < slots->times->len; slots->next++) {
		bottom += SLOT_HEIGHT;
		slots->y[g_array_index(slots->times, Slot, slots->next).row] = bottom;
	}
	for (guint i = 0; i < layout->n_rows; i++) {
		const FigureRow *row = figure_row(layout->figure, layout->first + i);

		if (figure_slant_is_true(row))
			far_set(figure_place(layout, i), row, slots->y[i]);
	}
	g_array_unref(slots->times);
	g_free(slots->y);
	return bottom + CELL_HEIGHT;
}

void
figure_slant_label(const FigureLayout *layout, const FigureRow *row, double width,
		   FigurePlace *place)
{
	gboolean arrives = row->transit.way == TRANSIT_ARRIVES;
	double near = layout->lane_x[arrives ? row->to : row->from];
	double far = layout->lane_x[arrives ? row->from : row->to];
	double reach = LABEL_ROOM + width / 2;

	place->angle = 0;
	place->over = TRUE;
	place->label_x = far > near ? near + reach : near - reach;
	place->label_y = place->axis + (arrives ? LABEL_BELOW : -LABEL_ABOVE);
}

/* Texts beside a lifeline. */
typedef struct {
	FigurePlace *place;
	Side side;
	guint lane;
	double top, height;
} Cell;

SORTED_COMPARE(cell_compare, Cell, lane, top)

void
figure_slant_cells(FigureLayout *layout)
{
	g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(Cell));

	for (guint i = 0; i < 2 * layout->n_rows; i++) {
		const FigureRow *row = figure_row(layout->figure, layout->first + i / 2);
		Side side = i % 2;
		guint lines = (row->cell[side].call != NULL) + (row->cell[side].state != NULL);
		FigurePlace *place = figure_place(layout, i / 2);
		double height = lines * CELL_HEIGHT;
		Cell cell = { place, side, row->lane[side], place->y[side] - height / 2, height };

		if (lines > 0)
			g_array_append_val(cells, cell);
	}
	g_array_sort(cells, cell_compare);
	for (guint i = 1; i < cells->len; i++) {
		const Cell *before = &g_array_index(cells, Cell, i - 1);
		Cell *cell = &g_array_index(cells, Cell, i);
		double push = before->top + before->height - cell->top;

		if (before->lane != cell->lane || push <= 0)
			continue;
		cell->top += push;
		cell->place->call_y[cell->side] += push;
		cell->place->state_y[cell->side] += push;
	}
}

void
figure_slant_foot(const Figure *figure, const FigureOptions *options, GPtrArray *foot)
{
	const Transits *transits = options->transits;
	gint64 clock_ns = transits_clock_ns(transits);
	g_autofree char *seconds = timestamp_nanoseconds(ABS(timestamp_between(0, clock_ns)));
	guint known = 0, lost = 0, unknown = 0, only_there = transits_only_there(transits);

	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		known += row->transit.way == TRANSIT_LEAVES || row->transit.way == TRANSIT_ARRIVES;
		lost += row->transit.way == TRANSIT_LOST;
		unknown += row->row.kind == ROW_ARROW && row->transit.way == TRANSIT_UNKNOWN;
	}
	g_ptr_array_add(
	    foot, g_strdup(options->proportional
			       ? _("Slant: the time on the way, measured at both ends.")
			       : _("In the order of the times measured at both ends; the space "
				   "between them is not to scale.")));
	if (clock_ns != 0)
		g_ptr_array_add(
		    foot,
		    g_strdup_printf(
			clock_ns > 0 ? _("The other end's clock was %s s ahead of this one's; that "
					 "is set right so "
					 "that the shortest way takes as long in both directions.")
				     : _("The other end's clock was %s s behind this one's; that "
					 "is set right so "
					 "that the shortest way takes as long in both directions."),
			seconds));
	if (lost > 0)
		g_ptr_array_add(foot, g_strdup(_("A cross: it did not arrive at the other end.")));
	if (unknown > 0 && known > 0)
		g_ptr_array_add(foot, g_strdup(_("Level arrows: not captured at the other end.")));
	if (only_there > 0)
		g_ptr_array_add(
		    foot, g_strdup_printf(ngettext("%u packet that only the other end captured "
						   "is not drawn.",
						   "%u packets that only the other end captured "
						   "are not drawn.",
						   only_there),
					  only_there));
}

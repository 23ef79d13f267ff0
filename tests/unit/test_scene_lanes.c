/* SPDX-License-Identifier: MIT */
/* The scene of a ladder of several endpoints, at every width and wherever it is
 * scrolled to: painted, since what counts is what is seen. */
#include "pktladder/text.h"
#include "scene_cells.h"
#include "story.h"

#include <string.h>

enum { CONVERSATIONS = 5, WIDEST = 230, VIEW_ROWS = 200 };

typedef struct {
	Story story;
	Ladder *ladder;
} Fixture;

/* Five clients of two servers, and what goes wrong. */
static void
fixture_init(Fixture *fixture, gboolean hide_calls)
{
	guint32 all[2 * CONVERSATIONS];
	guint n;
	Selection selection = { .conversation = CONVERSATION_NONE, .hide_calls = hide_calls };

	story_init(&fixture->story, 4);
	for (guint i = 0; i < CONVERSATIONS; i++) {
		fixture->story.port[SIDE_CLIENT] = 40000 + i;
		fixture->story.port[SIDE_SERVER] = 5000 + i % 2;
		if (i % 3 == 2)
			story_trouble(&fixture->story);
		else
			story_tcp_demo(&fixture->story);
	}
	n = flow_table_length(trace_flows(fixture->story.trace));
	g_assert_cmpuint(n, <=, G_N_ELEMENTS(all));
	for (guint32 i = 0; i < n; i++)
		all[i] = i;
	selection.set = conversation_set_new(all, n);
	fixture->ladder = ladder_new(fixture->story.trace, selection);
	conversation_set_unref(selection.set);
	ladder_update(fixture->ladder);
	g_assert_cmpuint(ladder_n_lanes(fixture->ladder), ==, 7);
	g_assert_cmpuint(ladder_length(fixture->ladder), <, VIEW_ROWS);
}

static void
fixture_clear(Fixture *fixture)
{
	ladder_free(fixture->ladder);
	story_clear(&fixture->story);
}

/* One picture: the cells of all rows, and of the head. */
typedef struct {
	const Ladder *ladder;
	SceneOptions options;
	Glyphs glyphs;
	Grid *grid, *head;
} Picture;

static void
picture_init(Picture *picture, const Fixture *fixture, guint width, guint first_lane, Glyphs glyphs)
{
	gboolean calls = !fixture->ladder->selection.hide_calls;

	*picture = (Picture){ .ladder = fixture->ladder, .glyphs = glyphs };
	picture->options = (SceneOptions){ .layout = scene_layout(width, calls, SCENE_TIME_START,
								  SCENE_DELTA_PREVIOUS,
								  ladder_n_lanes(fixture->ladder)),
					   .n_rows = ladder_length(fixture->ladder) + 1,
					   .selected_row = EVENT_NONE,
					   .glyphs = glyphs };
	scene_layout_scroll(&picture->options.layout, first_lane);
	picture->head = head_painted(fixture->ladder, &picture->options);
	picture->grid = rows_painted(fixture->ladder, &picture->options);
}

static void
picture_clear(Picture *picture)
{
	grid_free(picture->head);
	grid_free(picture->grid);
}

static gunichar
at(const Picture *picture, guint y, guint x)
{
	return grid_cell(picture->grid, y, x)->character;
}

/* Every arrow's head and tail stand at their lanes, or its mark at the edge. */
static void
check_arrow(const Picture *picture, guint y, const LadderRow *row)
{
	const SceneLayout *layout = &picture->options.layout;
	guint tail = scene_lane_x(layout, row->lane[row->from]);
	guint head = scene_lane_x(layout, row->lane[!row->from]);
	const LineGlyphs *line =
	    line_glyphs(ladder_row_role(picture->ladder, row), picture->glyphs);
	guint end = layout->gutter_x[1] + layout->gutter_width[1];
	g_autofree char *text = cells_text(picture->grid, y, layout->gutter_x[0], end);

	if (tail != G_MAXUINT)
		g_assert_cmpuint(at(picture, y, tail), ==,
				 glyph_character(line->joint[!row->to_right]));
	if (head != G_MAXUINT)
		g_assert_cmpuint(at(picture, y, row->to_right ? head - 1 : head + 1), ==,
				 glyph_character(head_glyph(row->to_right, picture->glyphs)));
	for (guint side = 0; side < 2; side++) {
		gboolean right = row->lane[side] > layout->first_lane;
		g_autofree char *number = g_strdup_printf("%u", row->lane[side] + 1);

		if (scene_lane_x(layout, row->lane[side]) != G_MAXUINT)
			continue;
		/* Of two at one edge the nearer one is named at least. */
		if (layout->gutter_width[0] < 8 && tail == G_MAXUINT && head == G_MAXUINT &&
		    right == (row->lane[side] > row->lane[!side]))
			continue;
		g_assert_nonnull(strstr(text, number));
		g_assert_cmpuint(at(picture, y, right ? end - 1 : layout->gutter_x[0]), !=,
				 glyph_character(rule_glyph(RULE_DOWN, picture->glyphs)));
	}
}

/* Where an arrow lies, and its label in it; the label has a blank at either side. */
typedef struct {
	gboolean shown, tail_out;
	guint x, x2, from, to; /* tail and head; columns between lifelines or edges */
	char *text;            /* NULL none */
	guint label_x, width;
} Arrow;

static Arrow
find_arrow(const Picture *picture, guint y, const LadderRow *row)
{
	const SceneLayout *layout = &picture->options.layout;
	Arrow arrow = { .to = 0 };
	guint low, high, left, right, first = G_MAXUINT, last = 0;

	if (!row || row->kind != ROW_ARROW)
		return arrow;
	low = MIN(row->lane[0], row->lane[1]);
	high = MAX(row->lane[0], row->lane[1]);
	if (high < layout->first_lane || low >= layout->first_lane + layout->n_visible)
		return arrow;
	left = scene_lane_x(layout, low);
	right = scene_lane_x(layout, high);
	arrow.shown = TRUE;
	arrow.from = left == G_MAXUINT ? layout->gutter_x[0] + layout->edge_width : left + 1;
	arrow.to = right == G_MAXUINT
		       ? layout->gutter_x[1] + layout->gutter_width[1] - layout->edge_width
		       : right;
	arrow.tail_out = (row->to_right ? left : right) == G_MAXUINT;
	arrow.x = row->to_right ? arrow.from - !arrow.tail_out : arrow.to - arrow.tail_out;
	arrow.x2 = row->to_right ? arrow.to - 1 : arrow.from;
	for (guint x = arrow.from; x < arrow.to; x++) {
		if (cell_at(picture->grid, y, x)->role != ROLE_PLAIN)
			continue;
		first = MIN(first, x);
		last = x;
	}
	if (first == G_MAXUINT)
		return arrow;
	g_assert_cmpuint(at(picture, y, first), ==, ' ');
	g_assert_cmpuint(at(picture, y, last), ==, ' ');
	for (guint x = first + 1; x < last; x++)
		g_assert_cmpuint(cell_at(picture->grid, y, x)->role, ==,
				 ladder_row_role(picture->ladder, row));
	arrow.label_x = first + 1;
	arrow.width = last - first - 1;
	arrow.text = cells_text(picture->grid, y, first + 1, last);
	return arrow;
}

/* The arrow's label is whole where its shortest level fits, with a cell of the line at either side,
 * and the head's. */
static void
check_label(const Picture *picture, const LadderRow *row, const Arrow *arrow)
{
	gboolean found = FALSE;
	guint shortest = G_MAXUINT;

	for (guint level = 0; level < LADDER_LABEL_LEVELS; level++) {
		g_autofree char *label = ladder_label(picture->ladder, row, level);

		if (!label)
			break;
		shortest = MIN(shortest, text_width(label));
		found = found || g_strcmp0(label, arrow->text) == 0;
	}
	g_assert_true(found || shortest + 5 > arrow->to - arrow->from);
	if (!arrow->text)
		return;
	g_assert_true(found || g_str_has_suffix(arrow->text, "…") ||
		      g_str_has_suffix(arrow->text, "~"));
	g_assert_cmpuint(arrow->label_x, >=, arrow->from + 2 + !row->to_right);
	g_assert_cmpuint(arrow->label_x + arrow->width, <=, arrow->to - 2 - row->to_right);
}

/* A lifeline is seen in every row, unless words stand there. */
static void
check_lifelines(const Picture *picture, guint y, const LadderRow *row, const Arrow *arrow)
{
	const SceneLayout *layout = &picture->options.layout;

	for (guint lane = 0; lane < layout->n_lanes; lane++) {
		guint x = scene_lane_x(layout, lane);
		Role role = row ? ladder_row_role(picture->ladder, row) : ROLE_PLAIN;
		gunichar cell;

		if (x == G_MAXUINT || (row && row->kind == ROW_NOTE))
			continue;
		if (arrow->text && x + 1 >= arrow->label_x && x <= arrow->label_x + arrow->width)
			continue;
		cell = at(picture, y, x);
		if (arrow->shown && x > MIN(arrow->x, arrow->x2) && x < MAX(arrow->x, arrow->x2))
			g_assert_cmpuint(cell, ==,
					 glyph_character(cross_glyph(role, picture->glyphs)));
		else if (!arrow->shown || x != arrow->x)
			g_assert_cmpuint(cell, ==,
					 glyph_character(rule_glyph(RULE_DOWN, picture->glyphs)));
	}
}

/* Bars are on their lanes, whatever the row is about. */
static void
check_bars(const Picture *picture, guint y, const LadderRow *row, const Arrow *arrow)
{
	const SceneLayout *layout = &picture->options.layout;
	g_autoptr(GArray) bars = ladder_bars(picture->ladder, y, row, 0, layout->n_lanes);

	for (guint i = 0; i < bars->len; i++) {
		LadderBar bar = g_array_index(bars, LadderBar, i);
		guint x = scene_lane_x(layout, bar.lane);

		if (x == G_MAXUINT || row->kind == ROW_NOTE)
			continue;
		x = ladder_lane_is_server(picture->ladder, bar.lane) ? x + 1 : x - 1;
		if (arrow->shown && (x == arrow->x2 || (arrow->text && x + 1 >= arrow->label_x &&
							x <= arrow->label_x + arrow->width)))
			continue;
		g_assert_cmpuint(at(picture, y, x), ==,
				 glyph_character(bar_glyph(bar.part, picture->glyphs)));
	}
}

/* Whether the text is a call of the row, as long as one of its levels, or cut. */
static gboolean
is_call(const Picture *picture, const LadderRow *row, const char *text)
{
	gboolean found = g_str_has_suffix(text, "…") || g_str_has_suffix(text, "~");
	/* a lane that is out of view: "7»" */
	gboolean mark =
	    strspn(text, "<>0123456789") == strlen(text) || strstr(text, "»") || strstr(text, "«");

	for (guint i = 0; i < 2 * LADDER_CELL_LEVELS; i++) {
		g_autofree char *call = ladder_cell_text(picture->ladder, row, i % 2, i / 2);

		found = found || g_strcmp0(call, text) == 0;
	}
	return found || mark;
}

/* Where the cells of one role that begin at x end. */
static guint
role_end(const Grid *grid, guint y, guint x)
{
	guint end = x;

	while (end < grid->columns && cell_at(grid, y, end)->role == cell_at(grid, y, x)->role)
		end++;
	return end;
}

/* Calls are off each other and off the rest: each is whole. */
static void
check_calls(const Picture *picture, guint y, const LadderRow *row)
{
	const Grid *grid = picture->grid;

	for (guint x = 0, end; x < grid->columns; x = end) {
		Role role = cell_at(grid, y, x)->role;
		g_autofree char *text = NULL;

		end = role_end(grid, y, x);
		text = cells_text(grid, y, x, end);
		if (role == ROLE_CALL || role == ROLE_CALL_FAILED)
			g_assert_true(is_call(picture, row, text));
		if (role == ROLE_STATE)
			g_assert_true(g_str_has_prefix(text, "ESTAB") ||
				      g_str_has_prefix(text, "SYN-RECV") ||
				      g_str_equal(text, tcp_state_name(row->cell[0].state)) ||
				      g_str_equal(text, tcp_state_name(row->cell[1].state)));
	}
}

/* Each lane in view has a name of its own over it. */
static void
check_head(const Picture *picture)
{
	const SceneLayout *layout = &picture->options.layout;
	guint n = 0;

	for (guint x = 0; x < layout->width; x = role_end(picture->head, 0, x))
		n += cell_at(picture->head, 0, x)->role == ROLE_HEAD;
	g_assert_cmpuint(n, ==, layout->n_visible);
}

/* States are never left out where a gap has room for them. */
static void
check_cells(const Picture *picture, guint y, const LadderRow *row)
{
	const SceneLayout *layout = &picture->options.layout;
	g_autofree char *text = cells_text(picture->grid, y, 0, layout->width);

	for (guint side = 0; side < 2; side++) {
		const char *state = tcp_state_name(row->cell[side].state);

		if (scene_lane_x(layout, row->lane[side]) == G_MAXUINT ||
		    layout->gutter_width[0] < 12 || *state == '\0')
			continue;
		/* ss calls two of them ESTAB and SYN-RECV. */
		g_autofree char *begin = g_strndup(state, 5);
		g_assert_nonnull(strstr(text, begin));
	}
}

static void
check_row(const Picture *picture, guint y)
{
	LadderRow made, *row = NULL;
	Arrow arrow;

	if (y < ladder_length(picture->ladder)) {
		made = ladder_row(picture->ladder, y);
		row = &made;
	}
	arrow = find_arrow(picture, y, row);
	check_lifelines(picture, y, row, &arrow);
	if (!row)
		return;
	if (row->kind == ROW_ARROW)
		check_arrow(picture, y, row);
	if (arrow.shown)
		check_label(picture, row, &arrow);
	if (picture->options.layout.calls)
		check_bars(picture, y, row, &arrow);
	check_cells(picture, y, row);
	check_calls(picture, y, row);
	g_free(arrow.text);
}

static void
test_everything(gconstpointer hide_calls)
{
	Fixture fixture;

	fixture_init(&fixture, GPOINTER_TO_INT(hide_calls));
	for (guint width = SCENE_MIN_WIDTH; width <= WIDEST; width++) {
		for (guint first = 0; first < 6; first += width % 2 + 1) {
			Picture picture;

			picture_init(&picture, &fixture, width, first,
				     width % 3 == 0 ? GLYPHS_ASCII : GLYPHS_UTF8);
			for (guint y = 0; y < picture.options.n_rows; y++)
				check_row(&picture, y);
			check_head(&picture);
			picture_clear(&picture);
		}
	}
	fixture_clear(&fixture);
}

static void
test_layout(void)
{
	for (guint n_lanes = 3; n_lanes <= 30000; n_lanes = n_lanes * 2 + 1) {
		guint whole =
		    scene_width_for_lanes(TRUE, SCENE_TIME_UTC, SCENE_DELTA_PREVIOUS, n_lanes);

		for (guint width = SCENE_MIN_WIDTH; width <= 1000; width++) {
			SceneLayout layout = scene_layout(width, TRUE, SCENE_TIME_UTC,
							  SCENE_DELTA_PREVIOUS, n_lanes);

			g_assert_cmpuint(layout.n_visible, >=, 2);
			g_assert_cmpint(layout.edge_width > 0, ==, layout.n_visible < n_lanes);
			g_assert_cmpuint(
			    layout.gutter_x[0], ==,
			    layout.time_width > 0
				? layout.time_width + 1 +
				      (layout.delta_width > 0 ? layout.delta_width + 1 : 0)
				: 0);
			g_assert_cmpuint(layout.gutter_x[0] + layout.gutter_width[0], ==,
					 scene_lane_x(&layout, 0));
			g_assert_cmpuint(layout.gutter_width[0], >, layout.edge_width);
			g_assert_cmpuint(scene_lane_x(&layout, layout.n_visible - 1) + 1, ==,
					 layout.gutter_x[1]);
			g_assert_cmpuint(layout.gutter_x[1] + layout.gutter_width[1], <=, width);
			if (width >= 80)
				g_assert_cmpint(layout.n_visible == n_lanes, ==, width >= whole);
			scene_layout_scroll(&layout, G_MAXUINT);
			g_assert_cmpuint(scene_lane_x(&layout, n_lanes - 1), ==,
					 layout.lifeline_x[1]);
		}
	}
}

/* Three lanes have all they need in 80 columns, four in 120. */
static void
test_usual_sizes(void)
{
	for (guint calls = 0; calls < 2; calls++) {
		g_assert_cmpuint(
		    scene_width_for_lanes(calls, SCENE_TIME_START, SCENE_DELTA_PREVIOUS, 3), ==,
		    80);
		g_assert_cmpuint(
		    scene_width_for_lanes(calls, SCENE_TIME_START, SCENE_DELTA_PREVIOUS, 4), <=,
		    120);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scene-lanes/layout", test_layout);
	g_test_add_func("/scene-lanes/usual-sizes", test_usual_sizes);
	g_test_add_data_func("/scene-lanes/calls", GINT_TO_POINTER(FALSE), test_everything);
	g_test_add_data_func("/scene-lanes/packets", GINT_TO_POINTER(TRUE), test_everything);
	return g_test_run();
}

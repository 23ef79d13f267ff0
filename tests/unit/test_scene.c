/* SPDX-License-Identifier: MIT */
/* test_scene.c - ladders of real packets and calls at every width: nothing
 * overlaps, nothing is cut that would fit, no arrowhead is covered. */
#include "pktladder/text.h"
#include "scene_cells.h"
#include "story.h"

#include <string.h>

#define MIN_TRIED 10
#define MAX_TRIED 250

typedef struct {
	const char *name;
	void (*tell)(Story *story);
	guint8 version;
} Tale;

/* The server's name is the longer one. */
static void
tell_low_port(Story *story)
{
	story->port[SIDE_CLIENT] = 9;
	story->port[SIDE_SERVER] = 50796;
	story_tcp_demo(story);
}

static const Tale tales[] = {
	{ "tcp", story_tcp_demo, 4 },    { "tcp6", story_tcp_demo, 6 },
	{ "udp", story_udp_demo, 4 },    { "udp6", story_udp_demo, 6 },
	{ "trouble", story_trouble, 4 }, { "low-port", tell_low_port, 4 },
};

typedef struct {
	Story story;
	Ladder *ladder;
} Fixture;

static void
fixture_init(Fixture *fixture, const Tale *tale)
{
	story_init(&fixture->story, tale->version);
	tale->tell(&fixture->story);
	fixture->ladder = ladder_new(fixture->story.trace, SELECTION_ALL);
	ladder_update(fixture->ladder);
}

static void
fixture_clear(Fixture *fixture)
{
	ladder_free(fixture->ladder);
	story_clear(&fixture->story);
}

static SceneOptions
options_for(const Fixture *fixture, guint width, gboolean calls, gboolean ascii)
{
	return (SceneOptions){ .layout = scene_layout(width, calls, SCENE_TIME_START,
						      SCENE_DELTA_PREVIOUS, 2),
			       .n_rows = ladder_length(fixture->ladder) + 2,
			       .selected_row = EVENT_NONE,
			       .glyphs = ascii ? GLYPHS_ASCII : GLYPHS_UTF8 };
}

/* ---- the layout ---- */

/* Columns stand in their order, do not touch texts of others, and end within the width. */
static void
test_layout(void)
{
	for (guint width = SCENE_MIN_WIDTH; width < 1100; width++)
		for (guint calls = 0; calls < 2; calls++) {
			SceneLayout l =
			    scene_layout(width, calls, SCENE_TIME_START, SCENE_DELTA_PREVIOUS, 2);
			guint end = 0;

			g_assert_cmpuint(l.width, ==, width);
			if (l.time_width > 0) {
				end = l.time_x + l.time_width + 1;
				g_assert_cmpuint(l.gutter_width[0], >, 0);
			}
			if (l.delta_width > 0) {
				g_assert_cmpuint(l.delta_x, >=, end);
				end = l.delta_x + l.delta_width + 1;
			}
			if (l.gutter_width[0] > 0) {
				g_assert_cmpuint(l.gutter_x[0], >=, end);
				end = l.gutter_x[0] + l.gutter_width[0] - l.beside;
			}
			if (l.bar_x[0] != G_MAXUINT) {
				g_assert_cmpuint(l.bar_x[0], >=, end);
				end = l.bar_x[0] + 1;
				g_assert_cmpuint(l.lifeline_x[0], ==, end);
				g_assert_cmpuint(l.bar_x[1], ==, l.lifeline_x[1] + 1);
				g_assert_cmpuint(l.gutter_x[1] + l.beside, >, l.bar_x[1]);
			}
			g_assert_cmpuint(l.lifeline_x[0], >=, end);
			g_assert_cmpuint(l.lifeline_x[1], >, l.lifeline_x[0] + 22);
			g_assert_cmpuint(l.lifeline_x[1], <, width);
			g_assert_cmpuint(l.gutter_width[0], ==, l.gutter_width[1]);
			if (l.gutter_width[1] > 0) {
				g_assert_cmpuint(l.gutter_x[1], >, l.lifeline_x[1]);
				g_assert_cmpuint(l.gutter_x[1] + l.gutter_width[1], <=, width);
			}
		}
}

static void
test_layout_steps(void)
{
	for (guint calls = 0; calls < 2; calls++) {
		for (guint width = 0; width < SCENE_MIN_WIDTH; width++)
			g_assert_true(
			    scene_layout(width, calls, SCENE_TIME_START, SCENE_DELTA_PREVIOUS, 2)
				.too_small);
		for (guint width = SCENE_MIN_WIDTH; width < 300; width++) {
			SceneLayout layout =
			    scene_layout(width, calls, SCENE_TIME_START, SCENE_DELTA_PREVIOUS, 2);

			g_assert_false(layout.too_small);
			g_assert_cmpint(layout.reduced, ==, layout.time_width == 0);
			if (width >= 80)
				g_assert_false(layout.reduced);
			g_assert_cmpint(layout.delta_width > 0, ==, width >= 100);
			g_assert_cmpint(layout.bar_x[0] != G_MAXUINT, ==,
					calls && layout.gutter_width[0] > 0);
		}
		g_assert_true(
		    scene_layout(SCENE_MIN_WIDTH, calls, SCENE_TIME_START, SCENE_DELTA_PREVIOUS, 2)
			.reduced);
	}
}

/* ---- nothing overlaps, nothing is missing ---- */

/* The longest level that fits stands whole in the middle of the arrow's line, between blanks; cut
 * only where even the shortest does not fit. */
static void
check_label(const Ladder *ladder, const LadderRow *row, const char *line, guint room,
	    gboolean ascii)
{
	g_autofree char *shortest = NULL, *shown = NULL, *found = NULL;

	for (guint level = 0; level < LADDER_LABEL_LEVELS && !shown; level++) {
		g_autofree char *label = ladder_label(ladder, row, level);

		if (!label)
			break;
		if (ascii && !g_str_is_ascii(label))
			return;
		if (text_width(label) <= room)
			shown = g_strdup(label);
		g_free(shortest);
		shortest = g_steal_pointer(&label);
	}
	if (!shown)
		shown = text_fit(shortest, room, ascii);
	found = g_strdup_printf(" %s ", shown);
	const char *at = strstr(line, found);
	g_assert_nonnull(at);
	/* A cell of line is left at either side, the head and one more at the head's. */
	g_assert_cmpuint(g_utf8_strlen(line, at - line), >=, row->to_right ? 1 : 2);
	g_assert_cmpuint(g_utf8_strlen(at + strlen(found), -1), >=, row->to_right ? 2 : 1);
}

/* An arrow leaves a lifeline, owns all the middle, and its head is beside the other lifeline. */
static void
check_arrow(const Ladder *ladder, const SceneOptions *options, const Grid *grid, guint y,
	    const LadderRow *row)
{
	const SceneLayout *layout = &options->layout;
	guint left = layout->lifeline_x[0], right = layout->lifeline_x[1];
	const LineGlyphs *line = line_glyphs(ladder_row_role(ladder, row), options->glyphs);
	g_autofree char *middle = cells_text(grid, y, left + 1, right);
	gboolean ascii = options->glyphs == GLYPHS_ASCII;

	g_assert_true(cell_is(grid, y, row->to_right ? left : right, line->joint[!row->to_right]));
	g_assert_true(
	    cell_is(grid, y, row->to_right ? right : left, rule_glyph(RULE_DOWN, options->glyphs)));
	g_assert_true(cell_is(grid, y, row->to_right ? right - 1 : left + 1,
			      head_glyph(row->to_right, options->glyphs)));
	check_label(ladder, row, middle, right - left - 1 - 5, ascii);
}

/* The columns of a scene, and what may stand in them. */
static gboolean
may_stand(const SceneLayout *l, const LadderRow *row, Role role, guint x)
{
	gboolean time = x >= l->time_x && x < l->time_x + l->time_width;
	gboolean delta = x >= l->delta_x && x < l->delta_x + l->delta_width;
	gboolean left = x >= l->gutter_x[0] && x < l->lifeline_x[0] - l->beside;
	gboolean right = x >= l->gutter_x[1] + l->beside && x < l->gutter_x[1] + l->gutter_width[1];
	gboolean middle = x > l->lifeline_x[0] && x < l->lifeline_x[1];

	switch (role) {
	case ROLE_TIME:
		return time || delta || (!row && (left || right));
	case ROLE_LIFELINE:
		return x == l->lifeline_x[0] || x == l->lifeline_x[1];
	case ROLE_BAR:
		return x == l->bar_x[0] || x == l->bar_x[1];
	case ROLE_CALL:
	case ROLE_CALL_FAILED:
	case ROLE_STATE:
		return l->gutter_width[0] > 0 ? left || right : middle && row->kind == ROW_CALLS;
	case ROLE_HEAD:
		return !row;
	default: /* an arrow, or a note */
		return row && (middle || (row->kind == ROW_NOTE && x >= l->gutter_x[0]));
	}
}

static void
check_places(const SceneLayout *layout, const LadderRow *row, const Grid *grid, guint y)
{
	for (guint x = 0; x < grid->columns; x++) {
		const Cell *cell = cell_at(grid, y, x);

		if (cell->character != ' ')
			g_assert_true(may_stand(layout, row, cell->role, x));
		g_assert_true(cell->character == 0 || text_is_harmless(cell->character));
	}
}

/* A call is as long as fits beside the state, and never left out. */
static void
check_call(const Ladder *ladder, const LadderRow *row, Side side, const char *call,
	   const char *state, guint room)
{
	guint beside = state ? strlen(state) + 1 : 0;

	g_assert_nonnull(call);
	for (guint level = 0; level < LADDER_CELL_LEVELS; level++) {
		g_autofree char *text = ladder_cell_text(ladder, row, side, level);

		if (!text)
			break;
		if (text_width(text) + beside > room)
			continue;
		g_assert_cmpstr(call, ==, text);
		return;
	}
	g_assert_true(g_str_has_suffix(call, "…"));
	g_assert_cmpuint(text_width(call) + beside, ==, room);
}

static void
check_cell(const Ladder *ladder, const LadderRow *row, Side side, const Grid *grid, guint y,
	   const SceneLayout *layout)
{
	const LadderCell *cell = &row->cell[side];
	guint room = layout->gutter_width[side] - layout->beside, at;
	guint from = layout->gutter_x[side] + (side == SIDE_SERVER ? layout->beside : 0);
	g_autofree char *state = role_text(grid, y, from, from + room, ROLE_STATE, &at);
	g_autofree char *call = role_text(grid, y, from, from + room, ROLE_CALL, NULL);
	g_autofree char *failed = role_text(grid, y, from, from + room, ROLE_CALL_FAILED, NULL);

	g_assert_cmpint(state != NULL, ==, cell->state != TCP_STATE_UNKNOWN);
	g_assert_false(call && failed);
	if (state) { /* nearest to its lifeline, and nothing cut but to a name that ss knows */
		g_assert_cmpuint(side == SIDE_CLIENT ? from + room : from, ==,
				 side == SIDE_CLIENT ? at + text_width(state) : at);
		g_assert_true(strcmp(state, tcp_state_name(cell->state)) == 0 ||
			      strcmp(state, "ESTAB") == 0 || strcmp(state, "SYN-RECV") == 0);
	}
	if (cell->entry != EVENT_NONE || cell->result != EVENT_NONE)
		check_call(ladder, row, side, call ? call : failed, state, room);
	else
		g_assert_true(!call && !failed);
	if (layout->bar_x[side] != G_MAXUINT)
		g_assert_cmpint(cell_at(grid, y, layout->bar_x[side])->role == ROLE_BAR, ==,
				cell->bar != LADDER_BAR_NONE);
}

/* Without gutters both cells share the middle: each state is whole there. */
static void
check_middle(const LadderRow *row, const Grid *grid, guint y, const SceneLayout *layout)
{
	guint left = layout->lifeline_x[0] + 1, right = layout->lifeline_x[1];
	g_autofree char *text = cells_text(grid, y, left, right);

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		TcpState state = row->cell[side].state;

		g_assert_true(state == TCP_STATE_UNKNOWN || strstr(text, tcp_state_name(state)) ||
			      (state == TCP_STATE_ESTABLISHED && strstr(text, "ESTAB")) ||
			      (state == TCP_STATE_SYN_RECEIVED && strstr(text, "SYN-RECV")));
	}
}

/* Right-aligned where there is a column for it. */
static void
check_time(const Grid *grid, guint y, guint x, guint width, gboolean wanted)
{
	guint at;
	g_autofree char *time = role_text(grid, y, x, x + width, ROLE_TIME, &at);

	g_assert_cmpint(time != NULL, ==, width > 0 && wanted);
	if (time)
		g_assert_cmpuint(at + text_width(time), ==, x + width);
}

/* Every row has what it is to have, each in its own columns; rows past the end lifelines alone. */
static void
check_rows(const Ladder *ladder, const SceneOptions *options, const Grid *grid)
{
	const SceneLayout *layout = &options->layout;

	for (guint y = 0; y < options->n_rows; y++) {
		gboolean wide = layout->gutter_width[0] > 0;
		LadderRow row;

		if (y >= ladder_length(ladder)) {
			for (guint x = 0; x < grid->columns; x++)
				g_assert_cmpint(cell_at(grid, y, x)->character != ' ', ==,
						x == layout->lifeline_x[0] ||
						    x == layout->lifeline_x[1]);
			continue;
		}
		row = ladder_row(ladder, y);
		check_places(layout, &row, grid, y);
		check_time(grid, y, layout->time_x, layout->time_width, TRUE);
		check_time(grid, y, layout->delta_x, layout->delta_width,
			   y > 0 || options->delta == SCENE_DELTA_MARK);
		if (row.kind == ROW_ARROW)
			check_arrow(ladder, options, grid, y, &row);
		g_assert_cmpint(has_head(grid, y), ==,
				row.kind == ROW_ARROW && options->glyphs != GLYPHS_ASCII);
		if (row.kind == ROW_CALLS && !wide && options->glyphs != GLYPHS_ASCII)
			check_middle(&row, grid, y, layout);
		for (Side side = SIDE_CLIENT; row.kind != ROW_NOTE && wide && side <= SIDE_SERVER &&
					      options->glyphs != GLYPHS_ASCII;
		     side++)
			check_cell(ladder, &row, side, grid, y, layout);
	}
}

/* Each title is in its column, as whole as that lets it be. */
static void
check_title(const Grid *head, guint x, guint width, const char *title, gboolean ascii)
{
	g_autofree char *shown = role_text(head, 1, x, x + width, ROLE_TIME, NULL);
	g_autofree char *fit = text_fit(title, width, ascii);

	g_assert_cmpstr(shown ? shown : "", ==, fit);
}

static void
check_head(const SceneOptions *options, const Grid *head)
{
	const SceneLayout *l = &options->layout;
	gboolean ascii = options->glyphs == GLYPHS_ASCII;
	guint room = l->gutter_width[0] - l->beside;

	for (guint y = 0; y < SCENE_HEAD_ROWS; y++)
		check_places(l, NULL, head, y);
	check_title(head, l->time_x, l->time_width, "time", ascii);
	check_title(head, l->delta_x, l->delta_width, "delta", ascii);
	check_title(head, l->gutter_x[0], room, l->calls ? "calls, state" : "state", ascii);
	check_title(head, l->gutter_x[1] + l->beside, room, l->calls ? "state, calls" : "state",
		    ascii);
}

static gboolean
is_blank(const Grid *grid)
{
	g_autoptr(Grid) blank = grid_new(grid->rows, grid->columns);

	return memcmp(grid->cells, blank->cells, sizeof(Cell) * grid->rows * grid->columns) == 0;
}

static void
test_everything(gconstpointer data)
{
	Fixture fixture;

	fixture_init(&fixture, data);
	for (guint width = MIN_TRIED; width <= MAX_TRIED; width++)
		for (guint variant = 0; variant < 4; variant++) {
			SceneOptions options =
			    options_for(&fixture, width, variant & 1, variant & 2);
			g_autoptr(Grid) rows = rows_painted(fixture.ladder, &options);
			g_autoptr(Grid) head = head_painted(fixture.ladder, &options);

			if (width < SCENE_MIN_WIDTH) {
				g_assert_true(is_blank(rows) && is_blank(head));
				continue;
			}
			check_rows(fixture.ladder, &options, rows);
			check_head(&options, head);
		}
	fixture_clear(&fixture);
}

/* ---- windows ---- */

/* A window shows what the whole shows there. */
static void
test_window(gconstpointer data)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Grid) whole = NULL;

	fixture_init(&fixture, data);
	options = options_for(&fixture, 120, TRUE, FALSE);
	whole = rows_painted(fixture.ladder, &options);
	for (guint32 first = 0; first < ladder_length(fixture.ladder); first++) {
		SceneOptions part_options = options;
		g_autoptr(Grid) part = NULL;

		part_options.first_row = first;
		part_options.n_rows = 2;
		part = rows_painted(fixture.ladder, &part_options);
		g_assert_cmpmem(part->cells, 2 * 120 * sizeof(Cell), cell_at(whole, first, 0),
				2 * 120 * sizeof(Cell));
	}
	fixture_clear(&fixture);
}

/* Far below the end there are lifelines, and no row number wraps round to the first. */
static void
test_past_end(void)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Grid) grid = NULL;

	fixture_init(&fixture, &tales[0]);
	options = options_for(&fixture, 80, TRUE, FALSE);
	options.first_row = G_MAXUINT32 - 1;
	options.selected_row = G_MAXUINT32 - 1;
	options.n_rows = 5;
	grid = rows_painted(fixture.ladder, &options);
	for (guint i = 0; i < 5 * 80; i++) {
		guint x = i % 80;
		gboolean lifeline =
		    x == options.layout.lifeline_x[0] || x == options.layout.lifeline_x[1];

		g_assert_cmpint(grid->cells[i].role == ROLE_LIFELINE, ==, lifeline);
		g_assert_cmpint(grid->cells[i].character == ' ', ==, !lifeline);
		g_assert_false(grid->cells[i].selected);
	}
	fixture_clear(&fixture);
}

/* The whole row, gaps too, and nothing beside the scene. */
static void
test_selected(void)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Grid) grid = NULL;

	fixture_init(&fixture, &tales[0]);
	options = options_for(&fixture, 80, TRUE, FALSE);
	options.selected_row = 5;
	grid = grid_new(options.n_rows, 100);
	scene_rows_paint(fixture.ladder, &options, grid, 0, 10);
	for (guint y = 0; y < grid->rows; y++)
		for (guint x = 0; x < grid->columns; x++)
			g_assert_cmpint(grid_cell(grid, y, x)->selected, ==,
					y == 5 && x >= 10 && x < 90);
	fixture_clear(&fixture);
}

/* ---- painted ---- */

/* In every character set each arrowhead is on the grid, beside an unbroken lifeline. */
static void
test_painted(gconstpointer data)
{
	Fixture fixture;

	fixture_init(&fixture, data);
	for (guint width = SCENE_MIN_WIDTH; width <= MAX_TRIED; width += 7)
		for (Glyphs glyphs = 0; glyphs < N_GLYPHS; glyphs++) {
			SceneOptions options = options_for(&fixture, width, TRUE, FALSE);
			g_autoptr(Grid) grid = NULL;
			g_autoptr(GString) text = g_string_new(NULL);

			options.glyphs = glyphs;
			grid = rows_painted(fixture.ladder, &options);
			for (guint y = 0; y < ladder_length(fixture.ladder); y++) {
				LadderRow row = ladder_row(fixture.ladder, y);

				if (row.kind == ROW_ARROW)
					check_arrow(fixture.ladder, &options, grid, y, &row);
			}
			grid_to_text(grid, FALSE, text);
			g_assert_true(g_utf8_validate(text->str, -1, NULL));
			g_assert_null(strchr(text->str, '\033'));
			if (glyphs == GLYPHS_ASCII)
				g_assert_true(g_str_is_ascii(text->str));
		}
	fixture_clear(&fixture);
}

/* Clipped painting stays within its grid (the sanitizers watch). */
static void
test_painted_clipped(void)
{
	Fixture fixture;
	SceneOptions options;

	fixture_init(&fixture, &tales[4]);
	options = options_for(&fixture, 120, TRUE, FALSE);
	options.selected_row = 3;
	for (guint columns = 1; columns < 130; columns += 3) {
		g_autoptr(Grid) grid = grid_new(5, columns);

		scene_rows_paint(fixture.ladder, &options, grid, 2, columns / 2);
		g_assert_cmpuint(grid_cell(grid, 0, columns - 1)->character, ==, ' ');
	}
	fixture_clear(&fixture);
}

static char *
painted_rows(const Tale *tale, guint width, Glyphs glyphs, guint32 first, guint n_rows)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Grid) grid = NULL;
	GString *text = g_string_new(NULL);

	fixture_init(&fixture, tale);
	options = options_for(&fixture, width, TRUE, glyphs == GLYPHS_ASCII);
	options.first_row = first;
	options.n_rows = n_rows;
	grid = rows_painted(fixture.ladder, &options);
	grid_to_text(grid, FALSE, text);
	fixture_clear(&fixture);
	return g_string_free(text, FALSE);
}

/* The handshake, as it is to be seen. */
static void
test_handshake(void)
{
	g_autofree char *utf8 = painted_rows(&tales[0], 80, GLYPHS_UTF8, 5, 3);
	g_autofree char *ascii = painted_rows(&tales[0], 80, GLYPHS_ASCII, 5, 3);

	g_assert_cmpstr(
	    utf8, ==,
	    "0.030100 connect(3)  SYN-SENT╻├─────── SYN seq=0 ────────►│┃\n"
	    "0.030120          ESTABLISHED┃│◄── SYN-ACK seq=0 ack=1 ───┤┃SYN-RECEIVED\n"
	    "0.030140          connect = 0╹├╌╌╌╌╌╌╌ ACK ack=1 ╌╌╌╌╌╌╌╌►│╹ESTABLISHED  = 4\n");
	g_assert_cmpstr(
	    ascii, ==,
	    "0.030100 connect(3)  SYN-SENT.+------- SYN seq=0 -------->|#\n"
	    "0.030120          ESTABLISHED#|<-- SYN-ACK seq=0 ack=1 ---+#SYN-RECEIVED\n"
	    "0.030140          connect = 0'+ - - -  ACK ack=1  - - - ->|'ESTABLISHED  = 4\n");
}

/* The time that stands in the column. */
static void
assert_time(const Grid *grid, guint y, guint x, guint width, const char *expected)
{
	g_autofree char *time = role_text(grid, y, x, x + width, ROLE_TIME, NULL);

	g_assert_cmpstr(time, ==, expected);
}

/* Times adapt to their column; a file's clock may run backwards. */
static void
test_times(void)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Grid) grid = NULL;
	guint last;

	fixture_init(&fixture, &tales[4]);
	options = options_for(&fixture, 100, TRUE, FALSE);
	grid = rows_painted(fixture.ladder, &options);
	last = ladder_length(fixture.ladder) - 1;
	assert_time(grid, 4, 0, 10, "0.400080");
	assert_time(grid, 4, 11, 10, "+0.400020");
	assert_time(grid, last - 1, 0, 10, "86400.4001");
	assert_time(grid, last - 1, 11, 10, "+86400.000");
	assert_time(grid, last, 11, 10, "-0.999970");
	fixture_clear(&fixture);
}

/* Time stamps from the ends of the scale neither overflow nor leave their column. */
static void
test_extreme_times(void)
{
	static const gint64 stamps[] = { G_MININT64, -1, 0, G_MAXINT64, G_MININT64, 1 };
	Story story;
	g_autoptr(Ladder) ladder = NULL;
	SceneOptions options = { .layout = scene_layout(100, TRUE, SCENE_TIME_START,
							SCENE_DELTA_PREVIOUS, 2),
				 .n_rows = 6,
				 .selected_row = EVENT_NONE };
	g_autoptr(Grid) grid = NULL;

	story_init(&story, 4);
	for (guint i = 0; i < G_N_ELEMENTS(stamps); i++)
		trace_add_drops(story.trace, stamps[i], 1);
	ladder = ladder_new(story.trace, SELECTION_ALL);
	ladder_update(ladder);
	grid = rows_painted(ladder, &options);
	check_rows(ladder, &options, grid);
	for (SceneTime time = SCENE_TIME_UTC; time < N_SCENE_TIMES; time++) {
		g_autoptr(Grid) clock = NULL;

		options.layout = scene_layout(100, TRUE, time, SCENE_DELTA_MARK, 2);
		options.time = time;
		options.delta = SCENE_DELTA_MARK;
		options.mark_ns = G_MININT64;
		clock = rows_painted(ladder, &options);
		check_rows(ladder, &options, clock);
	}
	story_clear(&story);
}

/* Clock times at each width: 2023-11-14 22:13:20 UTC, and before 1970. */
static void
test_clock(void)
{
	static const struct {
		const char *zone;
		SceneTime time;
		guint width;
		const char *first, *second;
	} cases[] = {
		{ "UTC", SCENE_TIME_UTC, 120, "22:13:20.123456", "23:59:59.999999" },
		{ "UTC", SCENE_TIME_UTC, 80, "22:13:20.123", "23:59:59.999" },
		{ "IST-5:30", SCENE_TIME_UTC, 80, "22:13:20.123", "23:59:59.999" },
		{ "IST-5:30", SCENE_TIME_LOCAL, 80, "03:43:20.123", "05:29:59.999" },
		{ "EST5", SCENE_TIME_LOCAL, 120, "17:13:20.123456", "18:59:59.999999" },
	};
	Story story;
	g_autoptr(Ladder) ladder = NULL;

	story_init(&story, 4);
	trace_add_drops(story.trace, G_GINT64_CONSTANT(1700000000123456789), 1);
	trace_add_drops(story.trace, -1, 1);
	ladder = ladder_new(story.trace, SELECTION_ALL);
	ladder_update(ladder);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		SceneOptions options = { .n_rows = 2, .selected_row = EVENT_NONE };
		g_autoptr(Grid) grid = NULL;
		const SceneLayout *layout = &options.layout;

		g_setenv("TZ", cases[i].zone, TRUE);
		options.layout =
		    scene_layout(cases[i].width, TRUE, cases[i].time, SCENE_DELTA_PREVIOUS, 2);
		options.time = cases[i].time;
		grid = rows_painted(ladder, &options);
		assert_time(grid, 0, layout->time_x, layout->time_width, cases[i].first);
		assert_time(grid, 1, layout->time_x, layout->time_width, cases[i].second);
	}
	g_unsetenv("TZ");
	story_clear(&story);
}

/* Every choice of columns, at every width: nothing overlaps. */
static void
test_clock_widths(void)
{
	Fixture fixture;

	fixture_init(&fixture, &tales[0]);
	for (guint width = MIN_TRIED; width < MAX_TRIED; width++)
		for (guint i = 0; i < N_SCENE_TIMES * N_SCENE_DELTAS * 2; i++) {
			SceneOptions options = options_for(&fixture, width, i % 2, FALSE);
			g_autoptr(Grid) grid = NULL;
			guint used = 0;

			options.time = i / 2 % N_SCENE_TIMES;
			options.delta = i / 2 / N_SCENE_TIMES;
			options.layout = scene_layout(width, i % 2, options.time, options.delta, 2);
			grid = rows_painted(fixture.ladder, &options);
			if (options.layout.too_small)
				continue;
			check_rows(fixture.ladder, &options, grid);
			used = options.layout.gutter_width[1] > 0
				   ? options.layout.gutter_x[1] + options.layout.gutter_width[1]
				   : options.layout.lifeline_x[1] + 1;
			g_assert_cmpuint(used, <=, width);
			if (options.delta == SCENE_DELTA_OFF)
				g_assert_cmpuint(options.layout.delta_width, ==, 0);
			if (width >= 100 && options.time != SCENE_TIME_START)
				g_assert_cmpuint(options.layout.time_width, ==, 15);
		}
	fixture_clear(&fixture);
}

static void
test_mark(void)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Grid) grid = NULL;
	g_autoptr(Grid) head = NULL;

	fixture_init(&fixture, &tales[4]);
	options = options_for(&fixture, 100, TRUE, FALSE);
	options.delta = SCENE_DELTA_MARK;
	options.mark_row = 4;
	options.mark_ns = ladder_row(fixture.ladder, 4).time_ns;
	grid = rows_painted(fixture.ladder, &options);
	head = head_painted(fixture.ladder, &options);
	assert_time(head, 1, 11, 10, "to mark");
	assert_time(grid, 4, 11, 10, "mark");
	assert_time(grid, 3, 11, 10, "-0.400020");
	assert_time(grid, 0, 11, 10, "-0.400080");
	fixture_clear(&fixture);
}

/* ---- the head ---- */

/* Both names are whole wherever the width has room for both, else the addresses
 * are; at the very least each says which end it is. */
static void
check_names(const Fixture *fixture, guint width)
{
	SceneOptions options = options_for(fixture, width, TRUE, FALSE);
	g_autoptr(Grid) head = head_painted(fixture->ladder, &options);
	g_autofree char *client = ladder_lane_head(fixture->ladder, EVENT_NONE, SIDE_CLIENT);
	g_autofree char *server = ladder_lane_head(fixture->ladder, EVENT_NONE, SIDE_SERVER);
	g_autofree char *left = NULL, *right = NULL;
	guint middle = 0;

	/* A column between the two is empty. */
	while (cell_at(head, 0, middle)->role != ROLE_HEAD)
		middle++;
	while (cell_at(head, 0, middle)->role == ROLE_HEAD)
		middle++;
	left = role_text(head, 0, 0, middle, ROLE_HEAD, NULL);
	right = role_text(head, 0, middle, width, ROLE_HEAD, NULL);
	if (width >= strlen(client) + 1 + strlen(server)) {
		g_assert_cmpstr(left, ==, client);
		g_assert_cmpstr(right, ==, server);
	} else if (width >= 2 * strlen("[2001:db8::1]:50796") + 2) {
		g_assert_true(g_str_has_suffix(client, left));
		g_assert_true(g_str_has_suffix(server, right));
	} else {
		g_assert_true(g_str_has_prefix(client, left) || g_str_has_suffix(client, left));
		g_assert_true(g_str_has_prefix(server, right) || g_str_has_suffix(server, right));
	}
}

static void
test_names(gconstpointer data)
{
	Fixture fixture;

	fixture_init(&fixture, data);
	for (guint width = SCENE_MIN_WIDTH; width <= MAX_TRIED; width++)
		check_names(&fixture, width);
	fixture_clear(&fixture);
}

/* Before any packet there is a head without addresses, and nothing below it. */
static void
test_empty(void)
{
	Story story;
	g_autoptr(Ladder) ladder = NULL;
	SceneOptions options = { .layout = scene_layout(80, TRUE, SCENE_TIME_START,
							SCENE_DELTA_PREVIOUS, 2),
				 .n_rows = 4,
				 .selected_row = 0 };
	g_autoptr(Grid) head = NULL;
	g_autoptr(Grid) rows = NULL;

	story_init(&story, 4);
	ladder = ladder_new(story.trace, SELECTION_ALL);
	ladder_update(ladder);
	head = head_painted(ladder, &options);
	rows = rows_painted(ladder, &options);
	g_autofree char *names = cells_text(head, 0, 0, 80);
	g_assert_nonnull(strstr(strstr(names, "Client"), "Server"));
	for (guint y = 0; y < 4; y++)
		g_assert_cmpuint(cells_of_role(rows, y, ROLE_LIFELINE), ==, 2);
	story_clear(&story);
}

static void
add_tale_tests(const char *name, GTestDataFunc test)
{
	for (gsize i = 0; i < G_N_ELEMENTS(tales); i++) {
		g_autofree char *path = g_strdup_printf("/scene/%s/%s", name, tales[i].name);

		g_test_add_data_func(path, &tales[i], test);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scene/layout", test_layout);
	g_test_add_func("/scene/layout-steps", test_layout_steps);
	add_tale_tests("everything", test_everything);
	add_tale_tests("window", test_window);
	add_tale_tests("painted", test_painted);
	add_tale_tests("names", test_names);
	g_test_add_func("/scene/painted-clipped", test_painted_clipped);
	g_test_add_func("/scene/past-end", test_past_end);
	g_test_add_func("/scene/selected", test_selected);
	g_test_add_func("/scene/handshake", test_handshake);
	g_test_add_func("/scene/times", test_times);
	g_test_add_func("/scene/extreme-times", test_extreme_times);
	g_test_add_func("/scene/clock", test_clock);
	g_test_add_func("/scene/clock-widths", test_clock_widths);
	g_test_add_func("/scene/mark", test_mark);
	g_test_add_func("/scene/empty", test_empty);
	return g_test_run();
}

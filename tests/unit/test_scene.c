/* SPDX-License-Identifier: MIT */
/* test_scene.c - ladders of real packets and calls at every width: nothing
 * overlaps, nothing is cut that would fit, no arrowhead is covered. */
#include "draw/glyphs.h"
#include "pktladder/text.h"
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
			       .ascii = ascii };
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

/* ---- nothing overlaps ---- */

typedef struct {
	guint rows, columns;
	guint8 *taken; /* PrimitiveKind + 1, by cell */
} Occupancy;

static void
claim(Occupancy *map, guint y, guint x, guint width, PrimitiveKind kind)
{
	g_assert_cmpuint(y, <, map->rows);
	g_assert_cmpuint(width, >, 0);
	g_assert_cmpuint(x + width, <=, map->columns);
	for (guint i = 0; i < width; i++) {
		guint8 *cell = &map->taken[y * map->columns + x + i];

		g_assert_cmpuint(*cell, ==, 0);
		*cell = kind + 1;
	}
}

/* An arrow leaves a lifeline, owns all the middle, and its head is beside the
 * other lifeline; line and blanks are left at both sides of the label. */
static void
check_arrow(Occupancy *map, const SceneLayout *layout, const LadderRow *row, const Primitive *arrow)
{
	guint left = layout->lifeline_x[0], right = layout->lifeline_x[1];
	guint from = row->to_right ? left : right;
	guint head = row->to_right ? right - 1 : left + 1;

	g_assert_cmpint(row->kind, ==, ROW_ARROW);
	g_assert_cmpuint(arrow->x, ==, from);
	g_assert_cmpuint(arrow->x2, ==, head);
	g_assert_cmpuint(map->taken[arrow->y * map->columns + from], ==, PRIMITIVE_VLINE + 1);
	claim(map, arrow->y, left + 1, right - left - 1, PRIMITIVE_ARROW);
	g_assert_nonnull(arrow->text);
	g_assert_cmpuint(arrow->width, ==, text_width(arrow->text));
	g_assert_cmpuint(arrow->label_x, >=, left + 3 + !row->to_right);
	g_assert_cmpuint(arrow->label_x + arrow->width, <=, right - 2 - row->to_right);
}

/* The longest level that fits, whole; cut only where even the shortest does not fit. */
static void
check_label(const Ladder *ladder, const LadderRow *row, const char *shown, guint room,
	    gboolean ascii)
{
	g_autofree char *fit = NULL;
	g_autofree char *shortest = NULL;

	for (guint level = 0; level < LADDER_LABEL_LEVELS; level++) {
		g_autofree char *label = ladder_label(ladder, row, level);

		if (!label)
			break;
		if (ascii && !g_str_is_ascii(label)) {
			g_assert_true(g_str_is_ascii(shown));
			return;
		}
		if (text_width(label) <= room) {
			g_assert_cmpstr(shown, ==, label);
			return;
		}
		g_free(shortest);
		shortest = g_steal_pointer(&label);
	}
	fit = text_fit(shortest, room, ascii);
	g_assert_cmpstr(shown, ==, fit);
}

static void
check_text(const Primitive *text)
{
	g_assert_nonnull(text->text);
	g_assert_cmpuint(text->width, ==, text_width(text->text));
	for (const char *p = text->text; *p; p = g_utf8_next_char(p))
		g_assert_true(text_is_harmless(g_utf8_get_char(p)));
}

static void
check_scene(const Ladder *ladder, const SceneOptions *options, const Scene *scene, guint rows)
{
	const SceneLayout *layout = &options->layout;
	guint middle = layout->lifeline_x[1] - layout->lifeline_x[0] - 1;
	Occupancy map = { .rows = rows, .columns = layout->width };
	g_autofree guint8 *taken = g_new0(guint8, map.rows * map.columns);

	map.taken = taken;
	for (guint i = 0; i < scene->primitives->len; i++) {
		const Primitive *primitive = scene_get(scene, i);
		guint32 index = options->first_row + primitive->y;
		LadderRow made, *row = NULL;

		if (ladder && index < ladder_length(ladder)) {
			made = ladder_row(ladder, index);
			row = &made;
		}

		switch ((PrimitiveKind)primitive->kind) {
		case PRIMITIVE_TEXT:
			check_text(primitive);
			claim(&map, primitive->y, primitive->x, primitive->width, PRIMITIVE_TEXT);
			break;
		case PRIMITIVE_ARROW:
			check_arrow(&map, layout, row, primitive);
			check_label(ladder, row, primitive->text, middle - 5, options->ascii);
			break;
		case PRIMITIVE_VLINE:
			g_assert_true(primitive->x == layout->lifeline_x[0] ||
				      primitive->x == layout->lifeline_x[1]);
			claim(&map, primitive->y, primitive->x, 1, PRIMITIVE_VLINE);
			break;
		case PRIMITIVE_CROSS:
			g_assert_not_reached(); /* nothing stands between two lanes */
		case PRIMITIVE_BAR:
			g_assert_true(primitive->x == layout->bar_x[0] ||
				      primitive->x == layout->bar_x[1]);
			g_assert_cmpuint(primitive->part, !=, LADDER_BAR_NONE);
			claim(&map, primitive->y, primitive->x, 1, PRIMITIVE_BAR);
			break;
		}
	}
}

static void
test_no_overlap(gconstpointer data)
{
	Fixture fixture;

	fixture_init(&fixture, data);
	for (guint width = MIN_TRIED; width <= MAX_TRIED; width++)
		for (guint variant = 0; variant < 4; variant++) {
			SceneOptions options =
			    options_for(&fixture, width, variant & 1, variant & 2);
			g_autoptr(Scene) rows = scene_rows(fixture.ladder, &options);
			g_autoptr(Scene) head = scene_head(fixture.ladder, &options);

			g_assert_cmpuint(rows->width, ==, width);
			if (width < SCENE_MIN_WIDTH) {
				g_assert_cmpuint(rows->primitives->len, ==, 0);
				g_assert_cmpuint(head->primitives->len, ==, 0);
				continue;
			}
			check_scene(fixture.ladder, &options, rows, options.n_rows);
			check_scene(NULL, &options, head, SCENE_HEAD_ROWS);
		}
	fixture_clear(&fixture);
}

/* ---- nothing is missing ---- */

/* The text of a role in a part of a row, or NULL; at most one. */
static const Primitive *
find_text(const Scene *scene, guint y, guint from, guint width, Role role)
{
	const Primitive *found = NULL;

	for (guint i = 0; i < scene->primitives->len; i++) {
		const Primitive *primitive = scene_get(scene, i);

		if (primitive->kind != PRIMITIVE_TEXT || primitive->y != y ||
		    primitive->role != role || primitive->x < from || primitive->x >= from + width)
			continue;
		g_assert_null(found);
		found = primitive;
	}
	return found;
}

static gboolean
has_primitive(const Scene *scene, guint y, PrimitiveKind kind, guint x)
{
	for (guint i = 0; i < scene->primitives->len; i++) {
		const Primitive *primitive = scene_get(scene, i);

		if (primitive->y == y && primitive->kind == kind && primitive->x == x)
			return TRUE;
	}
	return FALSE;
}

/* A call is as long as fits beside the state, and never left out. */
static void
check_call(const Ladder *ladder, const LadderRow *row, Side side, const Primitive *call,
	   const char *state, guint room)
{
	guint beside = *state ? strlen(state) + 1 : 0;

	g_assert_nonnull(call);
	for (guint level = 0; level < LADDER_CELL_LEVELS; level++) {
		g_autofree char *text = ladder_cell_text(ladder, row, side, level);

		if (!text)
			break;
		if (text_width(text) + beside > room)
			continue;
		g_assert_cmpstr(call->text, ==, text);
		return;
	}
	g_assert_true(g_str_has_suffix(call->text, "…"));
	g_assert_cmpuint(call->width + beside, ==, room);
}

static void
check_cell(const Ladder *ladder, const LadderRow *row, Side side, const Scene *scene, guint y,
	   const SceneLayout *layout)
{
	const LadderCell *cell = &row->cell[side];
	guint room = layout->gutter_width[side] - layout->beside;
	guint from = layout->gutter_x[side] + (side == SIDE_SERVER ? layout->beside : 0);
	const Primitive *state = find_text(scene, y, from, room, ROLE_STATE);
	const Primitive *call = find_text(scene, y, from, room, ROLE_CALL);
	const Primitive *failed = find_text(scene, y, from, room, ROLE_CALL_FAILED);

	g_assert_cmpint(state != NULL, ==, cell->state != TCP_STATE_UNKNOWN);
	g_assert_false(call && failed);
	if (state) { /* nearest to its lifeline, and nothing cut but to a name that ss knows */
		g_assert_cmpuint(side == SIDE_CLIENT ? from + room : from, ==,
				 side == SIDE_CLIENT ? state->x + state->width : state->x);
		g_assert_true(strcmp(state->text, tcp_state_name(cell->state)) == 0 ||
			      strcmp(state->text, "ESTAB") == 0 ||
			      strcmp(state->text, "SYN-RECV") == 0);
	}
	if (cell->entry != EVENT_NONE || cell->result != EVENT_NONE)
		check_call(ladder, row, side, call ? call : failed, state ? state->text : "", room);
	else
		g_assert_true(!call && !failed);
	if (layout->bar_x[side] != G_MAXUINT)
		g_assert_cmpint(has_primitive(scene, y, PRIMITIVE_BAR, layout->bar_x[side]), ==,
				cell->bar != LADDER_BAR_NONE);
}

static void
check_row(const Fixture *fixture, const SceneLayout *layout, const Scene *scene, guint y)
{
	LadderRow made = ladder_row(fixture->ladder, y), *row = &made;
	gboolean arrow = has_primitive(scene, y, PRIMITIVE_ARROW, layout->lifeline_x[0]) ||
			 has_primitive(scene, y, PRIMITIVE_ARROW, layout->lifeline_x[1]);

	g_assert_cmpint(arrow, ==, row->kind == ROW_ARROW);
	g_assert_cmpint(find_text(scene, y, layout->time_x, layout->time_width, ROLE_TIME) != NULL,
			==, layout->time_width > 0);
	g_assert_cmpint(find_text(scene, y, layout->delta_x, layout->delta_width, ROLE_TIME) !=
			    NULL,
			==, layout->delta_width > 0 && y > 0);
	if (row->kind == ROW_NOTE || layout->gutter_width[0] == 0)
		return;
	for (guint side = 0; side < 2; side++)
		check_cell(fixture->ladder, row, side, scene, y, layout);
}

static void
test_complete(gconstpointer data)
{
	Fixture fixture;

	fixture_init(&fixture, data);
	for (guint width = SCENE_MIN_WIDTH; width <= MAX_TRIED; width++)
		for (guint calls = 0; calls < 2; calls++) {
			SceneOptions options = options_for(&fixture, width, calls, FALSE);
			g_autoptr(Scene) scene = scene_rows(fixture.ladder, &options);
			guint32 length = ladder_length(fixture.ladder);

			for (guint y = 0; y < length; y++)
				check_row(&fixture, &options.layout, scene, y);
			for (guint y = length; y < options.n_rows; y++)
				for (guint side = 0; side < 2; side++)
					g_assert_true(
					    has_primitive(scene, y, PRIMITIVE_VLINE,
							  options.layout.lifeline_x[side]));
		}
	fixture_clear(&fixture);
}

/* ---- windows ---- */

static void
assert_primitives_equal(const Primitive *a, const Primitive *b, guint shift)
{
	g_assert_cmpint(a->kind, ==, b->kind);
	g_assert_cmpint(a->role, ==, b->role);
	g_assert_cmpint(a->part, ==, b->part);
	g_assert_cmpuint(a->y + shift, ==, b->y);
	g_assert_cmpuint(a->x, ==, b->x);
	g_assert_cmpuint(a->x2, ==, b->x2);
	g_assert_cmpuint(a->label_x, ==, b->label_x);
	g_assert_cmpuint(a->width, ==, b->width);
	g_assert_cmpstr(a->text, ==, b->text);
}

/* A window shows what the whole shows there. */
static void
test_window(gconstpointer data)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Scene) whole = NULL;

	fixture_init(&fixture, data);
	options = options_for(&fixture, 120, TRUE, FALSE);
	whole = scene_rows(fixture.ladder, &options);
	for (guint32 first = 0; first < ladder_length(fixture.ladder); first++) {
		SceneOptions part_options = options;
		g_autoptr(Scene) part = NULL;
		guint at = 0;

		part_options.first_row = first;
		part_options.n_rows = 2;
		part = scene_rows(fixture.ladder, &part_options);
		while (scene_get(whole, at)->y < first)
			at++;
		for (guint i = 0; i < part->primitives->len; i++)
			assert_primitives_equal(scene_get(part, i), scene_get(whole, at + i),
						first);
		g_assert_true(at + part->primitives->len == whole->primitives->len ||
			      scene_get(whole, at + part->primitives->len)->y == first + 2);
	}
	fixture_clear(&fixture);
}

/* Far below the end there are lifelines, and no row number wraps round to the first. */
static void
test_past_end(void)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Scene) scene = NULL;

	fixture_init(&fixture, &tales[0]);
	options = options_for(&fixture, 80, TRUE, FALSE);
	options.first_row = G_MAXUINT32 - 1;
	options.selected_row = G_MAXUINT32 - 1;
	options.n_rows = 5;
	scene = scene_rows(fixture.ladder, &options);
	g_assert_cmpuint(scene->primitives->len, ==, 10);
	for (guint i = 0; i < 10; i++) {
		g_assert_cmpint(scene_get(scene, i)->kind, ==, PRIMITIVE_VLINE);
		g_assert_false(scene_get(scene, i)->selected);
	}
	fixture_clear(&fixture);
}

static void
test_selected(void)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Scene) scene = NULL;
	g_autoptr(Grid) grid = NULL;
	guint marked = 0;

	fixture_init(&fixture, &tales[0]);
	options = options_for(&fixture, 80, TRUE, FALSE);
	options.selected_row = 5;
	scene = scene_rows(fixture.ladder, &options);
	for (guint i = 0; i < scene->primitives->len; i++)
		g_assert_cmpint(scene_get(scene, i)->selected, ==, scene_get(scene, i)->y == 5);
	grid = grid_new(options.n_rows, 100);
	grid_paint(grid, scene, 0, 10, GLYPHS_UTF8);
	for (guint y = 0; y < grid->rows; y++)
		for (guint x = 0; x < grid->columns; x++)
			if (grid_cell(grid, y, x)->selected) {
				g_assert_true(y == 5 && x >= 10 && x < 90);
				marked++;
			}
	g_assert_cmpuint(marked, ==, 80); /* the whole row, gaps too */
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
		for (guint glyphs = 0; glyphs < N_GLYPHS; glyphs++) {
			SceneOptions options =
			    options_for(&fixture, width, TRUE, glyphs == GLYPHS_ASCII);
			g_autoptr(Scene) scene = scene_rows(fixture.ladder, &options);
			g_autoptr(Grid) grid = grid_new(options.n_rows, width);
			g_autoptr(GString) text = g_string_new(NULL);

			grid_paint(grid, scene, 0, 0, glyphs);
			for (guint i = 0; i < scene->primitives->len; i++) {
				const Primitive *arrow = scene_get(scene, i);
				gboolean to_right = arrow->x < arrow->x2;
				guint beyond = to_right ? arrow->x2 + 1 : arrow->x2 - 1;

				if (arrow->kind != PRIMITIVE_ARROW)
					continue;
				g_assert_cmpuint(grid_cell(grid, arrow->y, arrow->x2)->character,
						 ==, glyph_character(head_glyph(to_right, glyphs)));
				g_assert_cmpuint(grid_cell(grid, arrow->y, beyond)->character, ==,
						 glyph_character(lifeline_glyph(glyphs)));
			}
			grid_to_text(grid, text);
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
	g_autoptr(Scene) scene = NULL;

	fixture_init(&fixture, &tales[4]);
	options = options_for(&fixture, 120, TRUE, FALSE);
	options.selected_row = 3;
	scene = scene_rows(fixture.ladder, &options);
	for (guint columns = 1; columns < 130; columns += 3) {
		g_autoptr(Grid) grid = grid_new(5, columns);

		grid_paint(grid, scene, 2, columns / 2, GLYPHS_UTF8);
		g_assert_cmpuint(grid_cell(grid, 0, columns - 1)->character, ==, ' ');
	}
	fixture_clear(&fixture);
}

static char *
painted_rows(const Tale *tale, guint width, Glyphs glyphs, guint32 first, guint n_rows)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Scene) scene = NULL;
	g_autoptr(Grid) grid = grid_new(n_rows, width);
	GString *text = g_string_new(NULL);

	fixture_init(&fixture, tale);
	options = options_for(&fixture, width, TRUE, glyphs == GLYPHS_ASCII);
	options.first_row = first;
	options.n_rows = n_rows;
	scene = scene_rows(fixture.ladder, &options);
	grid_paint(grid, scene, 0, 0, glyphs);
	grid_to_text(grid, text);
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
	    "0.030100  connect()  SYN-SENT╻├─────── SYN seq=0 ────────►│┃\n"
	    "0.030120          ESTABLISHED┃│◄── SYN-ACK seq=0 ack=1 ───┤┃SYN-RECEIVED\n"
	    "0.030140          connect = 0╹├╌╌╌╌╌╌╌ ACK ack=1 ╌╌╌╌╌╌╌╌►│╹ESTABLISHED  = 4\n");
	g_assert_cmpstr(
	    ascii, ==,
	    "0.030100  connect()  SYN-SENT.+------- SYN seq=0 -------->|#\n"
	    "0.030120          ESTABLISHED#|<-- SYN-ACK seq=0 ack=1 ---+#SYN-RECEIVED\n"
	    "0.030140          connect = 0'+ - - -  ACK ack=1  - - - ->|'ESTABLISHED  = 4\n");
}

/* Times adapt to their column; a file's clock may run backwards. */
static void
test_times(void)
{
	Fixture fixture;
	SceneOptions options;
	g_autoptr(Scene) scene = NULL;
	guint last;

	fixture_init(&fixture, &tales[4]);
	options = options_for(&fixture, 100, TRUE, FALSE);
	scene = scene_rows(fixture.ladder, &options);
	last = ladder_length(fixture.ladder) - 1;
	g_assert_cmpstr(find_text(scene, 4, 0, 10, ROLE_TIME)->text, ==, "0.400080");
	g_assert_cmpstr(find_text(scene, 4, 11, 10, ROLE_TIME)->text, ==, "+0.400020");
	g_assert_cmpstr(find_text(scene, last - 1, 0, 10, ROLE_TIME)->text, ==, "86400.4001");
	g_assert_cmpstr(find_text(scene, last - 1, 11, 10, ROLE_TIME)->text, ==, "+86400.000");
	g_assert_cmpstr(find_text(scene, last, 11, 10, ROLE_TIME)->text, ==, "-0.999970");
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
	g_autoptr(Scene) scene = NULL;

	story_init(&story, 4);
	for (guint i = 0; i < G_N_ELEMENTS(stamps); i++)
		trace_add_drops(story.trace, stamps[i], 1);
	ladder = ladder_new(story.trace, SELECTION_ALL);
	ladder_update(ladder);
	scene = scene_rows(ladder, &options);
	check_scene(ladder, &options, scene, 6);
	for (SceneTime time = SCENE_TIME_UTC; time < N_SCENE_TIMES; time++) {
		g_autoptr(Scene) clock = NULL;

		options.layout = scene_layout(100, TRUE, time, SCENE_DELTA_MARK, 2);
		options.time = time;
		options.delta = SCENE_DELTA_MARK;
		options.mark_ns = G_MININT64;
		clock = scene_rows(ladder, &options);
		check_scene(ladder, &options, clock, 6);
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
		g_autoptr(Scene) scene = NULL;
		const SceneLayout *layout = &options.layout;

		g_setenv("TZ", cases[i].zone, TRUE);
		options.layout =
		    scene_layout(cases[i].width, TRUE, cases[i].time, SCENE_DELTA_PREVIOUS, 2);
		options.time = cases[i].time;
		scene = scene_rows(ladder, &options);
		g_assert_cmpstr(
		    find_text(scene, 0, layout->time_x, layout->time_width, ROLE_TIME)->text, ==,
		    cases[i].first);
		g_assert_cmpstr(
		    find_text(scene, 1, layout->time_x, layout->time_width, ROLE_TIME)->text, ==,
		    cases[i].second);
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
			g_autoptr(Scene) scene = NULL;
			guint used = 0;

			options.time = i / 2 % N_SCENE_TIMES;
			options.delta = i / 2 / N_SCENE_TIMES;
			options.layout = scene_layout(width, i % 2, options.time, options.delta, 2);
			scene = scene_rows(fixture.ladder, &options);
			check_scene(fixture.ladder, &options, scene, options.n_rows);
			if (options.layout.too_small)
				continue;
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
	g_autoptr(Scene) scene = NULL;
	g_autoptr(Scene) head = NULL;

	fixture_init(&fixture, &tales[4]);
	options = options_for(&fixture, 100, TRUE, FALSE);
	options.delta = SCENE_DELTA_MARK;
	options.mark_row = 4;
	options.mark_ns = ladder_row(fixture.ladder, 4).time_ns;
	scene = scene_rows(fixture.ladder, &options);
	head = scene_head(fixture.ladder, &options);
	g_assert_cmpstr(find_text(head, 1, 11, 10, ROLE_TIME)->text, ==, "to mark");
	g_assert_cmpstr(find_text(scene, 4, 11, 10, ROLE_TIME)->text, ==, "mark");
	g_assert_cmpstr(find_text(scene, 3, 11, 10, ROLE_TIME)->text, ==, "-0.400020");
	g_assert_cmpstr(find_text(scene, 0, 11, 10, ROLE_TIME)->text, ==, "-0.400080");
	fixture_clear(&fixture);
}

/* ---- the head ---- */

static const char *
head_text(const Scene *head, Role role, guint y, guint nth)
{
	for (guint i = 0; i < head->primitives->len; i++) {
		const Primitive *primitive = scene_get(head, i);

		if (primitive->kind == PRIMITIVE_TEXT && primitive->role == role &&
		    primitive->y == y && nth-- == 0)
			return primitive->text;
	}
	return NULL;
}

/* Both names are whole wherever the width has room for both, else the addresses
 * are; at the very least each says which end it is. */
static void
check_names(const Fixture *fixture, guint width)
{
	SceneOptions options = options_for(fixture, width, TRUE, FALSE);
	g_autoptr(Scene) head = scene_head(fixture->ladder, &options);
	g_autofree char *client = ladder_lane_head(fixture->ladder, EVENT_NONE, SIDE_CLIENT);
	g_autofree char *server = ladder_lane_head(fixture->ladder, EVENT_NONE, SIDE_SERVER);
	const char *left = head_text(head, ROLE_HEAD, 0, 0);
	const char *right = head_text(head, ROLE_HEAD, 0, 1);

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
	if (width >= 80)
		g_assert_cmpstr(head_text(head, ROLE_TIME, 1, 0), ==, "time");
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
	g_autoptr(Scene) head = NULL;
	g_autoptr(Scene) rows = NULL;

	story_init(&story, 4);
	ladder = ladder_new(story.trace, SELECTION_ALL);
	ladder_update(ladder);
	head = scene_head(ladder, &options);
	rows = scene_rows(ladder, &options);
	g_assert_cmpstr(head_text(head, ROLE_HEAD, 0, 0), ==, "Client");
	g_assert_cmpstr(head_text(head, ROLE_HEAD, 0, 1), ==, "Server");
	g_assert_cmpuint(rows->primitives->len, ==, 8);
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
	add_tale_tests("no-overlap", test_no_overlap);
	add_tale_tests("complete", test_complete);
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

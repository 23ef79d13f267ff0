/* SPDX-License-Identifier: MIT */
/* tui_view.h - the view with a story to look at, for its tests. */
#pragma once

#include "tui/tui_private.h"
#include "story.h"

typedef struct {
	Story story;
	Ladder *ladder;
	Summary *summary;
	GPtrArray *detail, *output;
	TuiModel model;
	TuiState state;
} View;

/* `tell` fills the trace; NULL: nothing happened. */
void view_open(View *view, guint rows, guint columns, void (*tell)(Story *));
void view_shut(View *view);
/* 400 segments, so that there is something to scroll. */
void tell_much(Story *story);
/* Two conversations. */
void tell_two(Story *story);
/* Eight clients of two servers. */
void tell_lanes(Story *story);
/* All conversations as marked ones: a lane for each endpoint. */
void mark_all(View *view);
/* One input, and what the view's owner does after it. */
TuiAction give(View *view, TuiInput input);
TuiAction press(View *view, TuiKey key);
TuiAction type(View *view, gunichar character);
/* n segments. */
void more_come(View *view, guint n);
Grid *view_grid(const View *view);
char *view_text(const View *view);
void assert_shows(const View *view, const char *text);
void assert_hides(const View *view, const char *text);
/* What holds after every settle. */
void assert_sane(const View *view);
/* No half characters, nothing but harmless ones, ASCII where that is asked for. */
void assert_grid_clean(const Grid *grid, Glyphs glyphs);
/* What the owner does at TUI_SELECTION. */
void new_ladder(View *view);
/* The plot of state.plot_conversation, of its events alone. The caller frees. */
Plot *view_plot(const View *view);

/* player.h - real time for a film (play.h): the one place where it meets a clock. */
#pragma once

#include "pktladder/tui.h"

typedef struct {
	gint64 at_us; /* until when the film knows what time has passed */
} Player;

/* Tells the film how much has; whether there is something new to see. */
gboolean player_run(Player *player, TuiState *state, const TuiModel *model);
/* What has passed is not to count: we were stopped. */
void player_forget(Player *player);
/* Milliseconds until there is something new, and not before `frame_us` are over; -1
 * never. Call after player_run(). */
int player_wait_ms(const TuiState *state, const TuiModel *model, gint64 frame_us);

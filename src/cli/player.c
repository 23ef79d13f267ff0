#include "player.h"

#define NS_PER_MS G_GINT64_CONSTANT(1000000)

gboolean
player_run(Player *player, TuiState *state, const TuiModel *model)
{
	gint64 before_us = player->at_us;

	player->at_us = g_get_monotonic_time();
	if (state->play.state != PLAY_RUNNING)
		return FALSE;
	return tui_play(state, model, (player->at_us - before_us) * 1000);
}

void
player_forget(Player *player)
{
	player->at_us = g_get_monotonic_time();
}

int
player_wait_ms(const TuiState *state, const TuiModel *model, gint64 frame_us)
{
	gint64 next_ns;

	if (state->play.state != PLAY_RUNNING)
		return -1;
	next_ns = tui_play_next_ns(state, model);
	if (next_ns < 0)
		return -1;
	next_ns = MAX(next_ns, frame_us * 1000);
	return (int)MIN((next_ns + NS_PER_MS - 1) / NS_PER_MS, G_MAXINT);
}

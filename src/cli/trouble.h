/* trouble.h - what failed last and can be gone on without: it is said above the
 * ladder, in the notice's place. */
#pragma once

#include "pktladder/tui.h"

typedef struct {
	char *text; /* escaped; NULL none */
} Trouble;

/* Says it. What was said and closed stays closed, until something else happens. */
void trouble_tell(Trouble *trouble, TuiState *state, const char *text);

/* Nothing failed. */
void trouble_forget(Trouble *trouble);

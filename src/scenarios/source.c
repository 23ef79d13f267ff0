/* SPDX-License-Identifier: MIT */
/* source.c - the scenarios' sources, which the build has put in. */
#include "pktladder/scenario.h"

#include <string.h>

#define SCENARIO(symbol) extern const char scenario_source_##symbol[];
#include "scenario_list.h"
#undef SCENARIO

static const char *const sources[] = {
#define SCENARIO(symbol) scenario_source_##symbol,
#include "scenario_list.h"
#undef SCENARIO
};

/* From the line above the server to the one above the lesson. */
const char *
scenario_source(const Scenario *scenario, gsize *length, guint *first)
{
	guint i = 0;

	while (scenarios[i] != scenario)
		i++;
	const char *begin = strstr(sources[i], "/* ---- server ---- */");
	const char *end = begin ? strstr(begin, "\n/* ---- lesson ---- */") : NULL;

	*first = 1;
	for (const char *at = sources[i]; at < begin; at++)
		*first += *at == '\n';
	*length = end ? (gsize)(end - begin) : 0;
	return begin;
}

/* SPDX-License-Identifier: MIT */
#include "pktladder/scenario.h"

#include <string.h>

#include "pktladder/i18n.h"

/* The list is made of the files in this folder. */
#define SCENARIO(symbol) extern const Scenario scenario_##symbol;
#include "scenario_list.h"
#undef SCENARIO

const Scenario *const scenarios[] = {
#define SCENARIO(symbol) &scenario_##symbol,
#include "scenario_list.h"
#undef SCENARIO
	NULL
};

const char *const scenario_groups[] = {
	[SCENARIO_CONNECTION] = N_("Connection"),     [SCENARIO_STREAM] = N_("Stream"),
	[SCENARIO_FLOW_CONTROL] = N_("Flow control"), [SCENARIO_ERRORS] = N_("Errors"),
	[SCENARIO_CLOSING] = N_("Closing"),           [SCENARIO_DATAGRAMS] = N_("Datagrams"),
};

const Scenario *
scenario_find(const char *name)
{
	for (guint i = 0; scenarios[i]; i++) {
		const Scenario *scenario = scenarios[i];

		if (name ? strcmp(scenario->name, name) == 0 ||
			       (scenario->alias && strcmp(scenario->alias, name) == 0)
			 : scenario->is_usual)
			return scenario;
	}
	return NULL;
}

/* SPDX-License-Identifier: MIT */
/* Whether programs may be traced, from a program of its own (which strace can watch). */
#include <stdio.h>

#include "pktladder/tracer.h"

int
main(void)
{
	g_autoptr(GError) error = NULL;

	if (tracer_probe(&error))
		return 0;
	puts(error->message);
	return 1;
}

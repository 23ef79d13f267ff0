/* SPDX-License-Identifier: MIT */
/* Any bytes as a packet comment: no call, or one that is written and read as the same. */
#include "pktladder/call.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	CallRecord call, back;

	if (!call_from_comment((const char *)data, size, &call))
		return 0;
	g_autofree char *text = call_to_comment(&call);
	g_assert_cmpuint(strlen(text), <, 1024);
	g_assert_true(call_from_comment(text, strlen(text), &back));
	g_assert_cmpint(memcmp(&call, &back, sizeof(call)), ==, 0);
	return 0;
}

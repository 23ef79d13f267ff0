/* SPDX-License-Identifier: MIT */
/* fail.h - for functions that set an error and return FALSE. */
#pragma once

#include <glib.h>

/* g_set_error(); FALSE. */
#define fail_with(...) (g_set_error(__VA_ARGS__), FALSE)

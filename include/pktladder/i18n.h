/* SPDX-License-Identifier: MIT */
/* i18n.h - translation of the texts for people. */
#pragma once

#ifndef GETTEXT_PACKAGE
#define GETTEXT_PACKAGE "pktladder"
#endif
#include <glib.h>
#include <glib/gi18n-lib.h>

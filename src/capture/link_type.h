/* SPDX-License-Identifier: MIT */
/* link_type.h - the two numberings of link types: LINKTYPE_ in files, the same everywhere, and DLT_
 * in libpcap, which differs from system to system. Pure. */
#pragma once

#include <glib.h>

guint16 link_type_from_dlt(int dlt);
int link_type_to_dlt(guint16 link_type);

/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <pcap/dlt.h>

/* The few that differ; all others have one number in both. */
static const struct {
	int dlt;
	guint16 link_type;
} differing[] = {
	{ DLT_ATM_RFC1483, 100 }, { DLT_RAW, 101 },      { DLT_SLIP_BSDOS, 102 },
	{ DLT_PPP_BSDOS, 103 },   { DLT_ATM_CLIP, 106 },
};

guint16
link_type_from_dlt(int dlt)
{
	for (gsize i = 0; i < G_N_ELEMENTS(differing); i++)
		if (differing[i].dlt == dlt)
			return differing[i].link_type;
	return (guint16)dlt;
}

int
link_type_to_dlt(guint16 link_type)
{
	for (gsize i = 0; i < G_N_ELEMENTS(differing); i++)
		if (differing[i].link_type == link_type)
			return differing[i].dlt;
	return link_type;
}

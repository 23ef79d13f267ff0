/* SPDX-License-Identifier: MIT */
/* What a capture filter keeps back although its words are about it. */
#include <glib.h>

#include "capture/capture_internal.h"

/* A packet of that many bytes; a UDP datagram, or a fragment of one, inside of what `around` is. */
typedef struct {
	const char *around; /* hex: link header and what follows */
	const char *inside; /* hex: from the IP header on */
} Datagram;

/* IP 10.0.0.1 > 10.0.0.2: UDP 5000 > 53, 4 bytes; a first fragment of it; one at 8 */
#define DATAGRAM "45000020000700004011000 00a0000010a000002 13880035000c0000 61626364"
#define FIRST    "4500001c000720004011000 00a0000010a000002 1388003500100000"
#define LATER    "4500001c000700014011000 00a0000010a000002 6162636465666768"
/* Ethernet; VLAN 5; PPPoE session 1 with PPP; IP in IP 192.0.2.1 > 192.0.2.2; MPLS label 16 */
#define MACS     "020000000002 020000000001 "
#define ETHERNET MACS "0800"
#define VLAN     MACS "8100 0005 0800"
#define PPPOE    MACS "8864 1100 0001 0022 0021"
#define IPIP     MACS "0800 4500003400010000 4004 0000 c0000201 c0000202"
#define MPLS     MACS "8847 00010140"

static const struct {
	const char *filter;
	Datagram packets[3];
	const char *says; /* NULL: nothing */
} cases[] = {
	{ "port 53", { { ETHERNET, DATAGRAM } }, NULL },
	{ "port 53",
	  { { VLAN, DATAGRAM }, { VLAN, DATAGRAM } },
	  "2 packets have what the filter asks for inside (VLAN), where capture filters do not "
	  "look. Leave it out, and say --show 'port 53' instead." },
	{ "port 54", { { VLAN, DATAGRAM } }, NULL },
	{ "udp",
	  { { PPPOE, DATAGRAM }, { MPLS, DATAGRAM }, { IPIP, DATAGRAM } },
	  "3 packets have what the filter asks for inside (PPPoE, MPLS, IP in IP), where capture "
	  "filters do not look. Leave it out, and say --show 'udp' instead." },
	{ "udp portrange 50-60",
	  { { VLAN, DATAGRAM } },
	  "1 packet has what the filter asks for inside (VLAN), where capture filters do not "
	  "look. Leave it out, and use --show (FILTERS in the manual) instead." },
	{ "vlan and port 53", { { VLAN, DATAGRAM } }, NULL },
	{ "port 53",
	  { { ETHERNET, FIRST }, { ETHERNET, LATER } },
	  "1 later fragment of what passes the filter does not pass: it has no ports. Leave it "
	  "out, and say --show 'port 53' instead." },
	{ "port 54", { { ETHERNET, FIRST }, { ETHERNET, LATER } }, NULL },
	{ "host 10.0.0.2", { { ETHERNET, FIRST }, { ETHERNET, LATER } }, NULL },
};

static void
put(GByteArray *bytes, const char *hex)
{
	while (*hex) {
		guint8 byte;

		while (*hex == ' ')
			hex++;
		byte = g_ascii_xdigit_value(*hex++) << 4;
		while (*hex == ' ')
			hex++;
		byte |= g_ascii_xdigit_value(*hex++);
		g_byte_array_append(bytes, &byte, 1);
	}
}

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = NULL;
		Bpf *filter = bpf_new(cases[i].filter, 1, NULL);

		g_test_message("%u: %s", i, cases[i].filter);
		for (guint n = 0; n < 3 && cases[i].packets[n].around; n++) {
			g_autoptr(GByteArray) bytes = g_byte_array_new();

			put(bytes, cases[i].packets[n].around);
			put(bytes, cases[i].packets[n].inside);
			Packet packet = { .data = bytes->data,
					  .captured = bytes->len,
					  .length = bytes->len,
					  .link_type = 1 };
			bpf_passes(filter, &packet);
		}
		text = bpf_take_unseen(filter);
		g_assert_cmpstr(text, ==, cases[i].says);
		bpf_free(filter);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/unseen/cases", test_cases);
	return g_test_run();
}

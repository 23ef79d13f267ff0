/* SPDX-License-Identifier: MIT */
#include "bytes.h"
#include "reader.h"

#include <string.h>

/* The program that undoes a compression, or makes pcapng of another format. */
#define WITH_EDITCAP "editcap -F pcapng"

static const struct {
	const char *magic;
	gsize n;
	const char *name;
	const char *command; /* WITH_EDITCAP, NULL, or what writes it to standard output */
	Compression compression;
} formats[] = {
#define MAGIC(text) text, sizeof(text) - 1
	{ MAGIC("\x1f\x8b"), N_("compressed (gzip)"), "zcat", COMPRESSION_GZIP },
	{ MAGIC("\x28\xb5\x2f\xfd"), N_("compressed (zstd)"), "zstdcat", COMPRESSION_OTHER },
	{ MAGIC("\xfd"
		"7zXZ\0"),
	  N_("compressed (xz)"), "xzcat", COMPRESSION_OTHER },
	{ MAGIC("\x04\x22\x4d\x18"), N_("compressed (lz4)"), "lz4cat", COMPRESSION_OTHER },
	{ MAGIC("\x02\x21\x4c\x18"), N_("compressed (lz4)"), "lz4cat", COMPRESSION_OTHER },
	{ MAGIC("BZh"), N_("compressed (bzip2)"), "bzcat", COMPRESSION_OTHER },
	{ MAGIC("\x1f\x9d"), N_("compressed (compress)"), "zcat" },
	{ MAGIC("PK\3\4"), N_("a ZIP archive"), "unzip -p" },
	{ MAGIC("snoop\0\0\0"), N_("a capture of Solaris snoop"), WITH_EDITCAP },
	{ MAGIC("RTSS"), N_("a capture of Microsoft Network Monitor"), WITH_EDITCAP },
	{ MAGIC("GMBU"), N_("a capture of Microsoft Network Monitor"), WITH_EDITCAP },
	{ MAGIC("TRSNIFF data    \x1a"), N_("a capture of Sniffer"), WITH_EDITCAP },
	{ MAGIC("XCP\0"), N_("a capture of Sniffer or NetXRay"), WITH_EDITCAP },
	{ MAGIC("\x7fver"), N_("a capture of EtherPeek or OmniPeek"), WITH_EDITCAP },
	{ MAGIC("\x05VNF"), N_("a capture of Visual Networks"), WITH_EDITCAP },
	{ MAGIC("iptrace "), N_("a capture of AIX iptrace"), WITH_EDITCAP },
	{ MAGIC("ObserverPktBuffe"), N_("a capture of Network Instruments Observer"),
	  WITH_EDITCAP },
	{ MAGIC("btsnoop\0"), N_("a Bluetooth capture (btsnoop)"), NULL },
#undef MAGIC
};

/* Index into formats, or its length. */
static gsize
find_format(const guint8 *head, gsize n)
{
	gsize i = 0;

	while (i < G_N_ELEMENTS(formats) &&
	       (n < formats[i].n || memcmp(head, formats[i].magic, formats[i].n) != 0))
		i++;
	return i;
}

Compression
format_compression(const guint8 *head, gsize n, const char **expander)
{
	gsize i = find_format(head, n);

	if (i == G_N_ELEMENTS(formats))
		return COMPRESSION_NONE;
	*expander = formats[i].compression != COMPRESSION_NONE ? formats[i].command : NULL;
	return formats[i].compression;
}

char *
format_problem(const guint8 *head, gsize n, const char *name, const char *expander)
{
	gsize i = find_format(head, n), text = 0;
	g_autofree char *quoted = g_shell_quote(name);
	/* "editcap -F pcapng a.cap OUT.pcapng", "zcat a.gz | editcap -F pcapng - OUT.pcapng" */
	g_autofree char *editcap =
	    expander ? g_strdup_printf("%s %s | " WITH_EDITCAP " - OUT.pcapng", expander, quoted)
		     : g_strdup_printf(WITH_EDITCAP " %s OUT.pcapng", quoted);

	if (reader_knows(head, n))
		return NULL;
	if (n == 0)
		return g_strdup_printf(_("%s is empty: there is no capture in it."), name);
	/* text has no control bytes, in whatever encoding, and wherever it is cut */
	while (text < n &&
	       (head[text] >= 0x20 || (head[text] && strchr("\t\r\n\f\x1b", head[text]))))
		text++;
	if (i == G_N_ELEMENTS(formats) && text == n)
		return g_strdup_printf(_("%s is text, no capture (pcap or pcapng). tcpdump -w FILE "
					 "and pktladder live -w FILE write captures."),
				       name);
	if (i == G_N_ELEMENTS(formats))
		return g_strdup_printf(_("%s is no capture (pcap or pcapng). If Wireshark opens "
					 "it, convert it first: %s"),
				       name, editcap);
	const char *what = _(formats[i].name), *command = formats[i].command;
	if (!command)
		return g_strdup_printf(_("%s is %s, which holds no TCP or UDP."), name, what);
	if (strcmp(command, WITH_EDITCAP) == 0)
		return g_strdup_printf(_("%s is %s. Convert it first: %s"), name, what, editcap);
	if (expander)
		return g_strdup_printf(
		    _("%s is compressed twice. Decompress it first: %s %s > OUT"), name, expander,
		    quoted);
	return g_strdup_printf(_("%s is %s. Decompress it first: %s %s | pktladder replay -"), name,
			       what, command, quoted);
}

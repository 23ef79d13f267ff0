#include "format.h"
#include "pktladder/i18n.h"
#include "scanner.h"

#include <string.h>

/* The program that undoes a compression, or makes pcapng of another format. */
#define WITH_EDITCAP "editcap -F pcapng"

static const struct {
	const char *magic;
	gsize n;
	const char *name;
	const char *command; /* WITH_EDITCAP, NULL, or what writes it to standard output */
} formats[] = {
#define MAGIC(text) text, sizeof(text) - 1
	{ MAGIC("\x1f\x8b"), N_("compressed (gzip)"), "zcat" },
	{ MAGIC("\x28\xb5\x2f\xfd"), N_("compressed (zstd)"), "zstdcat" },
	{ MAGIC("\xfd"
		"7zXZ\0"),
	  N_("compressed (xz)"), "xzcat" },
	{ MAGIC("\x04\x22\x4d\x18"), N_("compressed (lz4)"), "lz4cat" },
	{ MAGIC("\x02\x21\x4c\x18"), N_("compressed (lz4)"), "lz4cat" },
	{ MAGIC("BZh"), N_("compressed (bzip2)"), "bzcat" },
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

static char *
known_problem(gsize i, const char *name)
{
	const char *what = _(formats[i].name), *command = formats[i].command;
	g_autofree char *quoted = g_shell_quote(name);

	if (!command)
		return g_strdup_printf(_("%s is %s, which holds no TCP or UDP."), name, what);
	if (strcmp(command, WITH_EDITCAP) == 0)
		return g_strdup_printf(_("%s is %s. Convert it first: %s %s OUT.pcapng"), name,
				       what, command, quoted);
	return g_strdup_printf(_("%s is %s. Decompress it first: %s %s | pktladder replay -"), name,
			       what, command, quoted);
}

/* Text in any encoding that has no control bytes; cut anywhere. */
static gboolean
looks_like_text(const guint8 *head, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (head[i] < 0x20 && !(head[i] && strchr("\t\r\n\f\x1b", head[i])))
			return FALSE;
	return TRUE;
}

char *
format_problem(const guint8 *head, gsize n, const char *name)
{
	if (scanner_format(head, n) != SCAN_NOTHING)
		return NULL;
	if (n == 0)
		return g_strdup_printf(_("%s is empty: there is no capture in it."), name);
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (n >= formats[i].n && memcmp(head, formats[i].magic, formats[i].n) == 0)
			return known_problem(i, name);
	if (looks_like_text(head, n))
		return g_strdup_printf(_("%s is text, no capture (pcap or pcapng). tcpdump -w FILE "
					 "and pktladder live -w FILE write captures."),
				       name);
	g_autofree char *quoted = g_shell_quote(name);
	return g_strdup_printf(_("%s is no capture (pcap or pcapng). If Wireshark opens it, "
				 "convert it first: " WITH_EDITCAP " %s OUT.pcapng"),
			       name, quoted);
}

/* SPDX-License-Identifier: MIT */
/* facts.c - what the user is told of the files that a capture was read from. */
#include "capture_internal.h"
#include "pktladder/complain.h"
#include "pktladder/decode.h"
#include "pktladder/text.h"

/* So many files are told by name, so many lines in all, and so much in a line. */
enum { FILES_TOLD = 8, FACTS_TOLD = 24, COLUMNS = 300 };

/* "a.pcap: 120 packets, eth0 (Ethernet)" */
static char *
file_text(const Origins *origins, const MergePart *part)
{
	g_autoptr(GString) text = g_string_new(origins->files->pdata[part->file]);
	guint packets = MIN(part->packets, G_MAXUINT);

	g_string_append(text, ": ");
	g_string_append_printf(text, ngettext("%u packet", "%u packets", packets), packets);
	for (guint i = 0; i < origins->interfaces->len; i++) {
		const Origin *interface = origins->interfaces->pdata[i];
		const char *name = origin_name(interface);
		const char *link = link_type_name(interface->link_type);
		g_autofree char *number = g_strdup_printf(_("link type %u"), interface->link_type);

		if (interface->file == part->file)
			g_string_append_printf(text, name ? ", %s (%s)" : ", %s%s",
					       name ? name : "", link ? link : number);
	}
	g_autofree char *safe = text_escape(text->str, -1);
	g_autofree char *line = text_fit(safe, COLUMNS, FALSE);
	return g_strconcat(line, ".", NULL);
}

static void
files_add(GPtrArray *facts, const Capture *capture)
{
	const GPtrArray *parts = capture->merge->parts;

	g_ptr_array_add(facts,
			g_strdup_printf(ngettext("%u file was read.",
						 "%u files were read as one capture.", parts->len),
					parts->len));
	for (guint i = 0; i < MIN(parts->len, FILES_TOLD); i++)
		g_ptr_array_add(facts, file_text(capture->origins, parts->pdata[i]));
	if (parts->len > FILES_TOLD)
		g_ptr_array_add(facts,
				g_strdup_printf(_("And %u more files."), parts->len - FILES_TOLD));
}

/* So that it can be told in a line: the beginning of what is long, which programs wrote. */
static char *
line_of(const char *text)
{
	g_autofree char *line = g_strdelimit(g_strdup(text), "\r\n", ' ');
	g_autofree char *safe = text_escape(line, -1);

	return text_fit(safe, COLUMNS, FALSE);
}

/* Returns how many were too many to be told. */
static guint
comments_add(GPtrArray *facts, const char *of, const GPtrArray *comments)
{
	guint n = comments->len > 0 && facts->len < FACTS_TOLD
		      ? MIN(comments->len, FACTS_TOLD - facts->len)
		      : 0;

	for (guint i = 0; i < n; i++) {
		g_autofree char *line = line_of(comments->pdata[i]);
		g_ptr_array_add(facts, g_strconcat(of, line, NULL));
	}
	return comments->len - n;
}

GPtrArray *
capture_facts(const Capture *capture)
{
	GPtrArray *facts = g_ptr_array_new_with_free_func(g_free);
	const Origins *origins = capture->origins;

	if (capture->merge)
		files_add(facts, capture);
	guint more = comments_add(facts, _("Comment of the capture: "), origins->comments);
	for (guint i = 0; i < origins->interfaces->len; i++) {
		const Origin *interface = origins->interfaces->pdata[i];
		const char *name = origin_name(interface);
		g_autofree char *of =
		    name ? g_strdup_printf(_("Comment of the interface %s: "), name)
			 : g_strdup_printf(_("Comment of the interface %u: "), i);

		more += comments_add(facts, of, interface->comments);
	}
	if (more > 0)
		g_ptr_array_add(facts, g_strdup_printf(ngettext("And %u more comment.",
								"And %u more comments.", more),
						       more));
	return facts;
}

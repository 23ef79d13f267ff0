/* SPDX-License-Identifier: MIT */
#include "pktladder/program_output.h"

#include <fcntl.h>
#include <string.h>

#include "pktladder/complain.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define PIPE_BYTES (1 << 20) /* what programs may print while nobody reads */
#define PART_BYTES (1 << 16) /* of what one has printed, at a time */
#define LINE_BYTES (1 << 16) /* a longer line is cut */
#define KEPT_BYTES (1 << 28) /* until the screen is gone; the rest is counted */
#define TAB        8

/* For the screen. */
#define NEWEST_LINES 2000
#define NEWEST_BYTES (1 << 24)

ProgramOutput *
program_output_new(guint n, int *ends, GError **error)
{
	g_autoptr(ProgramOutput) output = g_new0(ProgramOutput, 1);

	output->newest = g_ptr_array_new_with_free_func(g_free);
	output->n = n;
	for (guint i = 0; i <= n; i++)
		output->programs[i] = (Program){ .fd = -1, .line = g_string_new(NULL) };
	for (guint i = 0; i < n; i++) {
		int both[2];

		if (pipe2(both, O_CLOEXEC) != 0) {
			refuse_file(error, _("cannot make a pipe: %s"), g_strerror(errno));
			return NULL;
		}
		fcntl(both[0], F_SETFL, O_NONBLOCK);
		fcntl(both[0], F_SETPIPE_SZ, PIPE_BYTES); /* a smaller one does too */
		output->programs[i].fd = both[0];
		ends[i] = both[1];
	}
	return g_steal_pointer(&output);
}

void
program_output_free(ProgramOutput *output)
{
	if (!output)
		return;
	for (guint i = 0; i <= output->n; i++) {
		fd_clear(&output->programs[i].fd);
		g_string_free(output->programs[i].line, TRUE);
	}
	g_ptr_array_unref(output->newest);
	g_clear_pointer(&output->kept, fclose);
	g_free(output);
}

void
program_output_keep(ProgramOutput *output)
{
	output->later = TRUE;
	output->kept = tmpfile();
}

/* ---- lines ---- */

/* Who has printed a line: "server", "client"; of more than two "program 2". */
static char *
who_prints(const ProgramOutput *output, guint number)
{
	if (number == output->n)
		return g_strdup("pktladder");
	if (output->n > 2)
		return g_strdup_printf(_("program %u"), number + 1);
	return g_strdup(number > 0 ? _("client") : _("server"));
}

static char *
line_text(const ProgramOutput *output, guint number, const GString *line)
{
	g_autofree char *who = who_prints(output, number);
	GString *text = g_string_new(NULL);
	const char *next = line->str, *end = line->str + line->len;
	guint column = 0;

	g_string_printf(text, "%s: ", who);
	for (;;) {
		const char *tab = memchr(next, '\t', end - next);
		g_autofree char *words = text_escape(next, (tab ? tab : end) - next);

		g_string_append(text, words);
		if (!tab)
			return g_string_free(text, FALSE);
		/* Up to the next tab stop, counted from where the program's words begin. */
		column += text_width(words);
		g_string_append_printf(text, "%*s", (int)(TAB - column % TAB), "");
		column += TAB - column % TAB;
		next = tab + 1;
	}
}

/* On standard error. Who reads it may have seen enough: then nothing is lost. */
static gboolean
bytes_tell(const char *bytes, gsize length)
{
	return bytes_write(STDERR_FILENO, bytes, length) || errno == EPIPE;
}

static gboolean
bytes_keep(ProgramOutput *output, const char *bytes, gsize length)
{
	if (!output->kept || output->kept_bytes + length > KEPT_BYTES)
		return FALSE;
	output->kept_bytes += length;
	return fwrite(bytes, 1, length, output->kept) == length;
}

static void
line_end(ProgramOutput *output, guint number)
{
	GPtrArray *newest = output->newest;
	GString *line = output->programs[number].line;
	char *text = line_text(output, number, line);
	g_autofree char *whole = g_strconcat(text, "\n", NULL);
	gsize length = strlen(whole);

	if (!(output->later ? bytes_keep(output, whole, length) : bytes_tell(whole, length)))
		output->lost++;
	output->length++;
	g_string_truncate(line, 0);
	/* for the screen */
	g_ptr_array_add(newest, text);
	output->newest_bytes += strlen(text);
	if (newest->len < 2 * NEWEST_LINES && output->newest_bytes < NEWEST_BYTES)
		return;
	g_ptr_array_remove_range(newest, 0, newest->len / 2);
	output->newest_bytes = 0;
	for (guint i = 0; i < newest->len; i++)
		output->newest_bytes += strlen(newest->pdata[i]);
}

/* ---- reading ---- */

static void
program_end(ProgramOutput *output, guint number)
{
	Program *program = &output->programs[number];

	if (program->line->len > 0)
		line_end(output, number);
	fd_clear(&program->fd);
}

/* FALSE where there is no more now, or never. */
static gboolean
part_read(ProgramOutput *output, guint number)
{
	Program *program = &output->programs[number];
	char bytes[PART_BYTES];
	gssize n = read(program->fd, bytes, sizeof bytes);

	for (gssize i = 0; i < n; i++) {
		char byte = bytes[i];
		gsize length = program->line->len;
		gboolean within = ((guchar)byte & 0xc0) == 0x80; /* a character, as far as it is */
		gboolean full = length >= LINE_BYTES + 4 || (length >= LINE_BYTES && !within);
		gboolean ends =
		    byte == '\n' ? !program->returned || length > 0 : byte == '\r' && length > 0;

		if (ends || full)
			line_end(output, number);
		program->returned = byte == '\r' && (ends || program->returned);
		if (byte != '\n' && byte != '\r')
			g_string_append_c(program->line, byte);
	}
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		program_end(output, number);
	return n > 0;
}

void
program_output_read(ProgramOutput *output)
{
	for (guint i = 0; i < output->n; i++) {
		if (output->programs[i].fd >= 0)
			part_read(output, i);
	}
}

void
program_output_say(ProgramOutput *output, const char *text)
{
	g_string_append(output->programs[output->n].line, text);
	line_end(output, output->n);
}

gboolean
program_output_end(ProgramOutput *output)
{
	char bytes[PART_BYTES];
	gboolean told = TRUE;
	gsize n;

	for (guint at = 0; at < output->n; at++) {
		/* What a pipe holds, even if somebody goes on writing. */
		for (int i = 0; i <= PIPE_BYTES / PART_BYTES; i++) {
			if (output->programs[at].fd < 0 || !part_read(output, at))
				break;
		}
		program_end(output, at);
	}
	if (output->kept) {
		rewind(output->kept);
		while (told && (n = fread(bytes, 1, sizeof bytes, output->kept)) > 0)
			told = bytes_tell(bytes, n);
		if (!told || ferror(output->kept))
			output->lost = output->length;
	}
	if (output->lost > 0)
		complain(ngettext("%u line that the programs printed was lost",
				  "%u lines that the programs printed were lost", output->lost),
			 output->lost);
	return output->lost == 0;
}

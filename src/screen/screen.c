/* SPDX-License-Identifier: MIT */
/* screen.c - the terminal, through ncurses.
 *
 * Theory of operation. ncurses draws and reads keys; whose the terminal is and how it comes back,
 * terminal.c knows. ncurses' own signal handlers are taken out again: the owner has a signalfd.
 * Keys are read through a pad, since reading through a window would paint it.
 */
#include "pktladder/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <ncurses.h>

#include "pktladder/complain.h"
#include "terminal.h"

#define SEQUENCE_MAX 32 /* bytes */
/* So long the next byte of a key's sequence, or of a character, may take. */
#define SEQUENCE_MS      25
#define SEQUENCE_REST_US (500 * 1000) /* what comes so soon is the rest of one that broke off */

struct _Screen {
	SCREEN *ncurses;
	FILE *input;
	gboolean own_input; /* /dev/tty */
	WINDOW *keys;
	gint64 sequence_us; /* when one that nobody knows broke off; 0 none did */
	gboolean colours;
	gboolean suspended, resized, gone;
};

/* ---- opening ---- */

/* newterm() sets handlers that the owner does not want. */
static SCREEN *
newterm_quietly(FILE *input)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	struct sigaction before[G_N_ELEMENTS(numbers)];

	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaction(numbers[i], NULL, &before[i]);
	SCREEN *screen = newterm(NULL, stdout, input);
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaction(numbers[i], &before[i], NULL);
	return screen;
}

/* Asks the kernel: the environment may know an older size. */
static void
size_ask(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	if (is_term_resized(size.ws_row, size.ws_col))
		resize_term(size.ws_row, size.ws_col);
}

/* Has the mouse, where there is one, tell of its buttons and wheel by key sequences. */
static void
mouse_set(gboolean on)
{
	const char *mouse = tigetstr("kmous");

	if (!mouse || mouse == (char *)-1)
		return;
	putp(on ? TERMINFO_MOUSE_ON : TERMINFO_MOUSE_OFF);
	fflush(stdout);
}

static void
modes_set(Screen *screen)
{
	cbreak(); /* and not raw(): the other keys that send signals go on doing so */
	noecho();
	terminal_keys_set(screen_fd(screen));
	def_prog_mode();
	curs_set(0);
	set_escdelay(SEQUENCE_MS);
	typeahead(-1); /* a frame that gave way to keys would stay a half */
	screen->keys = newpad(1, 1);
	keypad(screen->keys, TRUE);
	keyok(KEY_MOUSE, FALSE); /* read_press() knows it */

	/* no-color.org: set and not empty means none */
	const char *no_color = getenv("NO_COLOR");
	gboolean colours = !(no_color && *no_color) && has_colors() && start_color() == OK &&
			   COLORS >= 8 && COLOR_PAIRS >= 9 && use_default_colors() == OK;

	screen->colours = colours;
	for (short colour = 0; colours && colour < 8; colour++)
		init_pair(colour + 1, colour, -1);
	size_ask();
	refresh();
	mouse_set(TRUE);
}

Screen *
screen_open(GError **error)
{
	g_autoptr(Screen) screen = g_new0(Screen, 1);

	if (!isatty(STDOUT_FILENO)) {
		refuse(error, _("Standard output is not a terminal. Use --text."));
		return NULL;
	}
	screen->input = stdin;
	if (!isatty(STDIN_FILENO)) {
		int fd = open("/dev/tty", O_RDONLY | O_CLOEXEC);

		if (fd < 0) {
			refuse(
			    error,
			    _("There is no terminal to read keys from (/dev/tty: %s). Use --text."),
			    g_strerror(errno));
			return NULL;
		}
		screen->input = fdopen(fd, "r");
		screen->own_input = TRUE;
	}
	if (!terminfo_load(error))
		return NULL;
	g_autoptr(GString) restore = terminfo_restore();
	if (!terminal_guard(STDOUT_FILENO, restore->str, restore->len, error))
		return NULL;
	terminal_take();
	screen->ncurses = newterm_quietly(screen->input);
	if (!screen->ncurses) {
		terminal_unguard();
		refuse(error,
		       _("A terminal of type \"%s\" (TERM) cannot show the ladder. Try "
			 "TERM=xterm-256color, or use --text."),
		       getenv("TERM"));
		return NULL;
	}
	modes_set(screen);
	terminal_modes_set();
	return g_steal_pointer(&screen);
}

void
screen_close(Screen *screen)
{
	if (!screen)
		return;
	if (screen->ncurses) {
		if (!screen->suspended) {
			mouse_set(FALSE);
			endwin();
		}
		terminal_unguard();
		delwin(screen->keys);
		delscreen(screen->ncurses);
	}
	if (screen->own_input)
		fclose(screen->input);
	g_free(screen);
}

/* ---- size, suspending ---- */

int
screen_fd(const Screen *screen)
{
	return fileno(screen->input);
}

void
screen_size(const Screen *screen G_GNUC_UNUSED, guint *rows, guint *columns)
{
	*rows = MAX(getmaxy(stdscr), 1);
	*columns = MAX(getmaxx(stdscr), 1);
}

void
screen_resized(Screen *screen)
{
	size_ask();
	screen->resized = TRUE;
	screen_redraw(screen);
}

void
screen_redraw(Screen *screen G_GNUC_UNUSED)
{
	clearok(curscr, TRUE);
}

void
screen_resume(Screen *screen)
{
	if (screen->suspended) {
		terminal_take(); /* the shell may have changed its modes */
		def_shell_mode();
	} else {
		endwin(); /* so that everything is set again */
	}
	screen->suspended = FALSE;
	screen_resized(screen);
	refresh();
	mouse_set(TRUE);
	terminal_modes_set();
}

/* A SIGCONT that is waiting was for this stop. */
void
screen_stop(Screen *screen)
{
	struct sigaction action = { .sa_handler = SIG_DFL }, before;
	sigset_t stop, old, resume;

	if (!screen->suspended) {
		screen->suspended = TRUE;
		mouse_set(FALSE);
		endwin();
		terminal_give();
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigaction(SIGTSTP, &action, &before);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, &old); /* stops here */
	sigprocmask(SIG_SETMASK, &old, NULL);
	sigaction(SIGTSTP, &before, NULL);
	sigemptyset(&resume);
	sigaddset(&resume, SIGCONT);
	if (sigismember(&old, SIGCONT) == 1)
		sigtimedwait(&resume, NULL, &(struct timespec){ 0 });
	screen_resume(screen);
}

/* ---- keys ---- */

static const struct {
	int code;
	TuiKey key;
} codes[] = {
	{ KEY_UP, TUI_KEY_UP },         { KEY_DOWN, TUI_KEY_DOWN },
	{ KEY_PPAGE, TUI_KEY_PAGE_UP }, { KEY_NPAGE, TUI_KEY_PAGE_DOWN },
	{ KEY_HOME, TUI_KEY_HOME },     { KEY_FIND, TUI_KEY_HOME },
	{ KEY_END, TUI_KEY_END },       { KEY_SELECT, TUI_KEY_END },
	{ KEY_ENTER, TUI_KEY_ENTER },   { KEY_BTAB, TUI_KEY_BACKTAB },
	{ KEY_LEFT, TUI_KEY_LEFT },     { KEY_RIGHT, TUI_KEY_RIGHT },
	{ KEY_DC, TUI_KEY_DELETE },     { KEY_BACKSPACE, TUI_KEY_BACKSPACE },
	{ KEY_A1, TUI_KEY_HOME },       { KEY_C1, TUI_KEY_END },
	{ KEY_A3, TUI_KEY_PAGE_UP },    { KEY_C3, TUI_KEY_PAGE_DOWN },
};

gboolean
screen_is_typed(const Screen *screen)
{
	struct pollfd fd = { .fd = screen_fd(screen), .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/* Reads a character (OK) or a key (KEY_CODE_YES); ERR: there is none. Where bytes are there, or
 * `more` are to come, the rest of a character or key is waited for, a moment a byte. */
static int
read_next(Screen *screen, gboolean more, wint_t *code)
{
	wtimeout(screen->keys, more || screen_is_typed(screen) ? SEQUENCE_MS : 0);
	return wget_wch(screen->keys, code);
}

static void
unread(int kind, wint_t code)
{
	if (kind == OK)
		unget_wch(code);
	else if (kind == KEY_CODE_YES)
		ungetch(code);
}

/* Reads the rest of a sequence behind ESC [ or ESC O, up to the letter that ends it; FALSE: the
 * sequence broke off. None of its bytes must act as keys: where the rest takes longer than a
 * moment, what comes soon is that. `text` keeps as much as there is room for. */
static gboolean
sequence_read(Screen *screen, gboolean more, char text[SEQUENCE_MAX])
{
	guint length = 0;
	wint_t next;
	int kind;

	while ((kind = read_next(screen, more, &next)) == OK && next >= 0x20 && next <= 0x7e) {
		if (length + 1 < SEQUENCE_MAX)
			text[length++] = next;
		if (next >= 0x40)
			break;
	}
	text[length] = '\0';
	screen->sequence_us = kind == ERR ? g_get_monotonic_time() : 0;
	if (kind == OK && next >= 0x40 && next <= 0x7e)
		return TRUE;
	unread(kind, next);
	return FALSE;
}

/* A button as xterm numbers them, without the modifiers' bits. */
static void
mouse_press(guint button, guint x, guint y, TuiInput *input)
{
	static const struct {
		guint button;
		TuiKey key;
	} buttons[] = { { 0, TUI_KEY_CLICK },
			{ 64, TUI_KEY_WHEEL_UP },
			{ 65, TUI_KEY_WHEEL_DOWN } };

	for (guint i = 0; i < G_N_ELEMENTS(buttons); i++)
		if (buttons[i].button == (button & ~28U))
			input->key = buttons[i].key;
	input->y = MAX(y, 1) - 1;
	input->x = MAX(x, 1) - 1;
}

/* The mouse, as a sequence: ncurses would make one click, or none, of several that come
 * together. "[<0;10;5M" (a small m lets go), or of an old terminal "[M" and three bytes. */
static void
read_press(Screen *screen, const char *sequence, TuiInput *input)
{
	guint button, x, y;
	wint_t bytes[3];
	char end;

	if (sscanf(sequence, "<%4u;%4u;%4u%c", &button, &x, &y, &end) == 4 && end == 'M')
		mouse_press(button, x, y, input);
	if (strcmp(sequence, "M") != 0)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(bytes); i++)
		if (read_next(screen, TRUE, &bytes[i]) != OK || bytes[i] < ' ')
			return;
	mouse_press(bytes[0] - ' ', bytes[1] - ' ', bytes[2] - ' ', input);
}

/* ESC alone is the key. Before [ or O, with more behind these, ESC begins the sequence of the
 * mouse, or of a key that terminfo does not know. */
static void
read_escape(Screen *screen, TuiInput *input)
{
	char sequence[SEQUENCE_MAX];
	wint_t first, second;
	int kind = read_next(screen, FALSE, &first);

	if (kind == OK && (first == '[' || first == 'O')) {
		int more = read_next(screen, TRUE, &second);

		unread(more, second);
		if (more == OK && second >= 0x20 && second <= 0x7e) {
			if (sequence_read(screen, TRUE, sequence) && first == '[')
				read_press(screen, sequence, input);
			return;
		}
	}
	unread(kind, first);
	input->key = TUI_KEY_ESCAPE;
}

/* No key: is that for good? A terminal that has gone is readable for ever, and
 * there is nothing in it. */
static void
gone_check(Screen *screen, int reason)
{
	struct pollfd fd = { .fd = screen_fd(screen), .events = POLLIN };
	int available = 0;

	if (reason == EIO || reason == ENXIO || reason == EBADF)
		screen->gone = TRUE;
	if (poll(&fd, 1, 0) <= 0)
		return;
	if (fd.revents & (POLLHUP | POLLERR | POLLNVAL))
		screen->gone = TRUE;
	else if (ioctl(fd.fd, FIONREAD, &available) == 0 && available == 0)
		screen->gone = TRUE;
}

gboolean
screen_read(Screen *screen, TuiInput *input)
{
	char rest[SEQUENCE_MAX];
	wint_t code;
	int kind;

	*input = (TuiInput){ 0 };
	if (screen->suspended || screen->gone)
		return FALSE;
	if (screen->resized) {
		screen->resized = FALSE;
		input->key = TUI_KEY_RESIZE;
		screen_size(screen, &input->y, &input->x);
		return TRUE;
	}
	if (g_get_monotonic_time() - screen->sequence_us < SEQUENCE_REST_US)
		sequence_read(screen, FALSE, rest);
	errno = 0;
	while ((kind = read_next(screen, FALSE, &code)) != ERR) {
		if (kind == KEY_CODE_YES) {
			for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
				if ((wint_t)codes[i].code == code)
					input->key = codes[i].key;
		} else if (code == '\033') {
			read_escape(screen, input);
		} else if (code == '\r' || code == '\n' || code == '\t') {
			input->key = code == '\t' ? TUI_KEY_TAB : TUI_KEY_ENTER;
		} else {
			input->key = TUI_KEY_CHARACTER;
			input->character = code;
		}
		if (input->key != TUI_KEY_NONE)
			return TRUE;
		errno = 0;
	}
	gone_check(screen, errno);
	return FALSE;
}

gboolean
screen_gone(const Screen *screen)
{
	return screen->gone;
}

/* ---- showing ---- */

/* One cell; a character that the locale shows at another width would shift the rest of the row. */
static void
cell_append(GArray *row, const Cell *cell, guint width, gboolean colours)
{
	RoleStyle style = cell_style(cell);
	attr_t attributes =
	    (style.bold ? A_BOLD : 0) | (style.dim ? A_DIM : 0) | (style.reverse ? A_REVERSE : 0);
	short pair = colours && style.colour >= 0 ? style.colour + 1 : 0;
	wchar_t text[3] = { cell->character, cell->combining, 0 };
	gboolean fits = wcwidth(text[0]) == (int)width && (!text[1] || wcwidth(text[1]) == 0);
	cchar_t character;

	if (!fits) {
		text[0] = L'?';
		text[1] = 0;
	}
	for (guint i = 0; i < (fits ? 1 : width); i++) {
		setcchar(&character, text, attributes, pair, NULL);
		g_array_append_val(row, character);
	}
}

void
screen_show(Screen *screen, const Grid *grid)
{
	g_autoptr(GArray) row = g_array_new(FALSE, FALSE, sizeof(cchar_t));
	guint rows, columns;

	if (screen->suspended || screen->gone)
		return;
	screen_size(screen, &rows, &columns);
	erase(); /* where the grid is smaller */
	for (guint y = 0; y < MIN(rows, grid->rows); y++) {
		const Cell *cells = &grid->cells[y * grid->columns];
		guint end = MIN(columns, grid->columns);

		g_array_set_size(row, 0);
		for (guint x = 0; x < end; x++) {
			if (cells[x].character != 0)
				cell_append(row, &cells[x],
					    x + 1 < end && cells[x + 1].character == 0 ? 2 : 1,
					    screen->colours);
			else if (x == 0)
				cell_append(row, &(Cell){ .character = ' ' }, 1, screen->colours);
		}
		mvadd_wchnstr(y, 0, (cchar_t *)row->data, row->len);
	}
	refresh();
	if (columns > 1 || grid->rows < rows)
		return;
	/* ncurses reaches the last corner from the column before it; where there is none it
	 * leaves the corner empty */
	gunichar corner = grid->cells[(rows - 1) * grid->columns].character;
	char text[8] = { 0 };
	if (corner <= ' ')
		return;
	g_unichar_to_utf8(corner, text);
	mvcur(-1, -1, rows - 1, 0);
	putp(text);
	fflush(stdout);
}

Glyphs
screen_glyphs(gboolean ascii)
{
	const char *term = getenv("TERM");

	if (ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return GLYPHS_ASCII;
	return term && g_str_has_prefix(term, "linux") ? GLYPHS_CONSOLE : GLYPHS_UTF8;
}

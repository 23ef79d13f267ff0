#include "interruption.h"

#include <poll.h>
#include <signal.h>

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
	interrupted = number;
}

void
interruption_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = on_interrupt };

	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaction(numbers[i], &action, NULL);
}

int
interruption_signal(void)
{
	return interrupted;
}

gboolean
session_read_whole(Session *session)
{
	while (!session->ended && !interrupted) {
		gboolean more = session_pump(session);
		struct pollfd wait = { .events = POLLIN };

		if (more || session->ended || !session->capture)
			continue;
		wait.fd = capture_fd(session->capture);
		poll(&wait, 1, session_timeout(session)); /* a pipe */
	}
	return !interrupted;
}

#include "watch.h"
#include "pktladder/capture.h"
#include "pktladder/i18n.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

int
watch_new(int fd, const char *name, GError **error)
{
	/* the file itself, whatever has its name by now */
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	/* losing a name is a change of attributes, as long as the file is open */
	if (watch >= 0 && inotify_add_watch(watch, path, IN_MODIFY | IN_ATTRIB) >= 0)
		return watch;
	g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
		    _("%s cannot be followed while it grows: %s. Leave --follow out to see what is "
		      "in it now."),
		    name,
		    errno == EMFILE ? _("too many files are being watched") : g_strerror(errno));
	if (watch >= 0)
		close(watch);
	return -1;
}

void
watch_clear(int watch)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

	while (read(watch, events, sizeof(events)) > 0)
		;
}

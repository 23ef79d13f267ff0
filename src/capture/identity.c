/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * An open file stays readable when another takes its name, but it can be emptied and written anew
 * in place (cp, tcpdump -w). Then its size may soon be what it was; but its head, which has the
 * time of the first packet, is not. So the head is compared whenever the file was modified.
 */
#include "bytes.h"
#include "pktladder/i18n.h"

#include <string.h>
#include <unistd.h>

void
identity_init(FileIdentity *identity, int fd)
{
	struct stat status;

	*identity = (FileIdentity){ .fd = fd };
	if (fstat(fd, &status) == 0) {
		identity->modified = status.st_mtim;
		identity->has_name = status.st_nlink > 0;
	}
	gssize n = pread(fd, identity->head, sizeof(identity->head), 0);
	identity->head_size = MAX(n, 0);
}

FileChange
identity_check(FileIdentity *identity, guint64 needed)
{
	struct stat status;
	guint8 head[sizeof(identity->head)];

	if (fstat(identity->fd, &status) != 0 || (guint64)status.st_size < needed)
		return FILE_SHRANK;
	if (memcmp(&status.st_mtim, &identity->modified, sizeof(status.st_mtim)) != 0) {
		gssize n = MAX(pread(identity->fd, head, sizeof(head), 0), 0);
		gsize both = MIN((gsize)n, identity->head_size);
		if (memcmp(head, identity->head, both) != 0)
			return FILE_OVERWRITTEN;
		if (both < identity->head_size)
			return FILE_SHRANK;
		/* it may have grown */
		memcpy(identity->head, head, n);
		identity->head_size = n;
		identity->modified = status.st_mtim;
	}
	return identity->has_name && status.st_nlink == 0 ? FILE_REMOVED : FILE_SAME;
}

char *
identity_text(FileChange change, const char *name)
{
	static const char *const texts[] = {
		[FILE_SAME] = "%s",
		[FILE_SHRANK] = N_("%s shrank while it was open."),
		[FILE_OVERWRITTEN] = N_("%s was overwritten while it was open."),
		[FILE_REMOVED] = N_("%s was removed or replaced while it was open."),
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(texts) == FILE_REMOVED + 1);

	return g_strdup_printf(_(texts[change]), name);
}

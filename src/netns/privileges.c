/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * What opening a capture needed is given up before the first packet is decoded: an error in a
 * decoder must not be worth anything. The order matters. The bounding set and the securebits need
 * CAP_SETPCAP, and changing the user needs CAP_SETUID, so the capabilities themselves go last. A
 * step that fails for lack of a capability is no failure, if what it guards against cannot happen
 * without that capability; what counts is the check at the end.
 */
#include "pktladder/complain.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
	uid_t uid;
	gid_t gid;
} User;

static gboolean
fail(GError **error, const char *step, int reason)
{
	return error_set(error, NETWORK_ERROR, NETWORK_ERROR_PRIVILEGES,
			 _("cannot give up privileges: %s: %s. Start pktladder as an ordinary user "
			   "instead, or please report this as a bug"),
			 step, g_strerror(reason));
}

/* The user and the group that sudo says it was called by. */
static gboolean
sudo_user(User *user)
{
	const char *uid_text = g_getenv("SUDO_UID"), *gid_text = g_getenv("SUDO_GID");
	guint64 uid, gid, most = G_MAXUINT32 - 1;

	if (!uid_text || !g_ascii_string_to_unsigned(uid_text, 10, 1, most, &uid, NULL) ||
	    !gid_text || !g_ascii_string_to_unsigned(gid_text, 10, 0, most, &gid, NULL))
		return FALSE;
	*user = (User){ uid, gid };
	return TRUE;
}

/* Whom to become. The environment is believed only where the real user is root:
 * else this is a set-uid program, and whoever started it wrote the environment. */
static User
target_user(void)
{
	User user;

	if (getuid() != 0)
		return (User){ getuid(), getgid() };
	if (sudo_user(&user))
		return user;
	const struct passwd *nobody = getpwnam("nobody");
	return nobody ? (User){ nobody->pw_uid, nobody->pw_gid } : (User){ 65534, 65534 };
}

/* With the groups that the user has anyway: `run` starts his programs. */
static gboolean
become(User user, GError **error)
{
	const struct passwd *entry = getpwuid(user.uid);
	gboolean has_groups = entry && !g_str_equal(entry->pw_name, "nobody");

	if ((has_groups ? initgroups(entry->pw_name, user.gid) : setgroups(1, &user.gid)) < 0)
		return fail(error, "setgroups()", errno);
	if (setresgid(user.gid, user.gid, user.gid) < 0)
		return fail(error, "setresgid()", errno);
	if (setresuid(user.uid, user.uid, user.uid) < 0)
		return fail(error, "setresuid()", errno);
	return TRUE;
}

/* `kept`: bits of the first 32 that stay where they are there. */
static int
drop_capabilities(guint32 kept)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { 0 };

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (kept && syscall(SYS_capget, &header, sets) == 0)
		kept &= sets[0].permitted;
	memset(sets, 0, sizeof(sets));
	sets[0].permitted = sets[0].effective = kept;
	return syscall(SYS_capset, &header, sets);
}

static gboolean
has_capabilities(guint32 kept)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { 0 };
	guint32 all = 0;

	if (syscall(SYS_capget, &header, sets) < 0)
		return TRUE;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		all |= sets[i].effective | sets[i].permitted | sets[i].inheritable;
	return (all & ~kept) != 0;
}

/* Trusts no return value from before: asks the kernel, and tries to get back. */
static gboolean
is_user(User user)
{
	uid_t uids[3];
	gid_t gids[3];

	if (getresuid(&uids[0], &uids[1], &uids[2]) < 0 ||
	    getresgid(&gids[0], &gids[1], &gids[2]) < 0)
		return FALSE;
	for (int i = 0; i < 3; i++)
		if (uids[i] != user.uid || gids[i] != user.gid)
			return FALSE;
	return setresuid(0, 0, 0) < 0;
}

/* A line of uid_map: first id inside, first id outside, how many. */
gboolean
privileges_can_change_user(void)
{
	g_autofree char *map = NULL;
	uid_t wanted = target_user().uid;

	if (geteuid() != 0 || !g_file_get_contents("/proc/self/uid_map", &map, NULL, NULL))
		return FALSE;
	g_auto(GStrv) lines = g_strsplit(map, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		guint first, outside, count;
		if (sscanf(lines[i], "%u %u %u", &first, &outside, &count) == 3 &&
		    wanted >= first && wanted - first < count)
			return TRUE;
	}
	return FALSE;
}

void
privileges_hide(void)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static gboolean
drop(gboolean change_user, guint32 kept, GError **error)
{
	gboolean changes = change_user && geteuid() == 0;
	User user = target_user();

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(error, "no_new_privs", errno);
	for (int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	/* from here on uid 0 is a number without powers, in what we start too; KEEP_CAPS is not
	 * locked: no capability is left to be kept, and named ends where it may not ask for that */
	prctl(PR_SET_SECUREBITS,
	      SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
		  SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
	      0, 0, 0);
	if (changes && !become(user, error))
		return FALSE;
	if (drop_capabilities(kept) < 0)
		return fail(error, "capset()", errno);
	privileges_hide(); /* changing the user may have undone it (fs.suid_dumpable) */
	if (has_capabilities(kept))
		return fail(error, "capset()", EPERM);
	if (changes && !is_user(user))
		return fail(error, "setresuid()", EPERM);
	return TRUE;
}

gboolean
privileges_drop(gboolean change_user, GError **error)
{
	return drop(change_user, 0, error);
}

gboolean
privileges_drop_but_files(GError **error)
{
	return drop(FALSE, 1u << CAP_DAC_OVERRIDE | 1u << CAP_CHOWN | 1u << CAP_FOWNER, error);
}

gboolean
privileges_drop_but_tracing(gboolean change_user, GError **error)
{
	return drop(change_user, 1u << CAP_SYS_PTRACE, error);
}

gboolean
privileges_are_lent(void)
{
	User user;

	return geteuid() == 0 && (getuid() != 0 || sudo_user(&user));
}

gboolean
privileges_become_caller(GError **error)
{
	if (!privileges_are_lent())
		return TRUE;
	return privileges_drop(privileges_can_change_user(), error);
}

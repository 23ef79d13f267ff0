/* SPDX-License-Identifier: MIT */
/* network.h - the private network: a user and network namespace without root, where `lo` is up, has
 * MTU 1500 and no offloads, so that segments are real ones; and the dropping of privileges. Not
 * pure. */
#pragma once

#include <glib.h>

typedef enum {
	NETWORK_ERROR_NO_NAMESPACE, /* the kernel or a policy forbids it */
	NETWORK_ERROR_SETUP,        /* it was made, but lo could not be set up */
	NETWORK_ERROR_PRIVILEGES    /* they could not be given up: do not go on */
} NetworkError;
#define NETWORK_ERROR g_quark_from_static_string("pktladder-network-error-quark")

/* Moves this process (which must have one thread only) into a new private network. On failure it
 * may have been moved half-way: see network_probe(). uid and gid stay the same, so that files are
 * written as before; started by an ordinary user, no other user exists inside. Root gets a network
 * namespace alone. Any port may be bound (ip_unprivileged_port_start = 0), unless /proc/sys is
 * read-only. */
gboolean network_enter_private(GError **error);

/* Whether it was entered with a user namespace of our own. */
gboolean network_has_own_users(void);

/* Inside: the kernel has no other port to choose for a socket that binds none. Where /proc/sys is
 * read-only, it chooses as it likes. */
void network_set_client_ports(guint first, guint n);

/* Tries network_enter_private() (`inside`; else it stays in this network), and then the step (NULL
 * none), in a child, which has ten seconds: this process stays as it is. FALSE with the reason and
 * how to mend it (sysctls, Ubuntu's AppArmor restriction, a container), or with the step's error:
 * domain, code and message. */
typedef gboolean NetworkStep(GError **error);
gboolean network_probe(gboolean inside, NetworkStep *step, GError **error);

/* The AppArmor profile that lets `program` (an absolute path) make its private
 * network, ready to be put in /etc/apparmor.d/. The caller frees. */
char *network_apparmor_profile(const char *program);

/* From here on no process without special rights can attach to this one, read or
 * write its memory, or take its descriptors; nor to its children, until they run
 * another program. There are no core dumps either. */
void privileges_hide(void);

/* Gives up what was needed to open a capture, for good: every capability, no_new_privs, and, where
 * `change_user` and we are root, the user: SUDO_UID and SUDO_GID where sudo set them, the real user
 * of a set-uid program, else nobody. Hides, see privileges_hide(); children that are to be traced
 * have to make themselves dumpable again. An error where that user does not exist in our user
 * namespace. */
gboolean privileges_drop(gboolean change_user, GError **error);

/* privileges_drop() for the tracer in a user namespace of our own: CAP_SYS_PTRACE stays, which is
 * over what was started there alone. Programs that are not dumpable cannot be traced without. */
gboolean privileges_drop_but_tracing(gboolean change_user, GError **error);

/* TRUE where we are root for somebody else: under sudo, or as a set-uid program. */
gboolean privileges_are_lent(void);

/* Files are opened with the rights of whoever called: under sudo, and in a set-uid program,
 * it is privileges_drop() with a change of user, where there is that user. To be called
 * before any file is opened, and after what takes root's rights. Root himself, who has no
 * other name for his files, stays root. */
gboolean privileges_become_caller(GError **error);

/* privileges_drop() for a process that makes files in root's name and nothing else: root's
 * right over the files of others stays, where root has it. */
gboolean privileges_drop_but_files(GError **error);

/* TRUE where `change_user` would change the user, and can: not in a user
 * namespace that has nobody else. */
gboolean privileges_can_change_user(void);

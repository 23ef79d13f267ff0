/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * One table says which system calls are left to whom, and with which arguments where a call
 * can do too much. The table lists what is allowed: a call that nobody thought of is
 * forbidden. What is forbidden fails, and ends nothing: a library that tries something and
 * can do without goes on, and the terminal comes back as ever.
 *
 * Descriptors stand for rights here. So there is no dup() and no F_DUPFD: a rule that names a
 * descriptor would not hold for its copy. Arguments that the kernel takes as 32 bits are
 * compared as 32 bits, or the upper half would get around a rule.
 *
 * The run-time libraries of the sanitizers start a process at the end that traces this one to
 * look for leaks, and read /proc for their reports. Builds with them are for tests, and allow
 * it; Landlock would forbid it, so there is none.
 *
 * Landlock is spoken to directly: C libraries know nothing of it yet. A ruleset names the kinds of
 * access that it handles; what it handles and no rule allows is forbidden. What is left to a
 * process is what its ruleset does not handle: but for /dev/null there are no rules. What was open
 * before stays as it was opened. The kernel says how many kinds it knows by a version, and refuses
 * a ruleset that names others; so each kind stands here with the version that brought it
 * (Documentation/userspace-api/landlock.rst).
 */
#include "pktladder/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pktladder/fd.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED TRUE
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED TRUE
#endif
#endif
#ifndef SANITIZED
#define SANITIZED FALSE
#endif

enum {
	EXPANDING = 1 << CONFINE_EXPANDING,
	DRAWING = 1 << CONFINE_DRAWING,
	FILES = 1 << CONFINE_FILES,
	BOTH = DRAWING | FILES,
	ALL = EXPANDING | BOTH,
};

#define REFUSE SCMP_ACT_ERRNO(EPERM)

/* What a rule compares an argument with. */
typedef enum {
	ANY,     /* nothing */
	VALUE,   /* is this number */
	NOWHERE, /* is no pointer */
	WITHOUT, /* has none of these bits */
	ACCESS,  /* opens a file for this */
	SELF,    /* is our own process */
	ONE_OF,  /* is one of the rule's values */
	SOCKET,  /* is one of the sockets to send over */
} Condition;

typedef struct {
	const int *calls;
	gsize n;
} Calls;

typedef struct {
	guint roles;
	Calls calls;
	struct {
		Condition condition;
		guint number; /* of the argument */
		guint64 value;
	} tests[2]; /* both must be met */
	const guint32 *values;
	gsize n_values; /* of ONE_OF */
} Rule;

/* The bits of a mode that make more of a file than data. */
#define NOT_DATA 07111

/* clang-format off */
#define ARGUMENT(condition, number, value) { condition, number, value }
#define CALL(name)			   SCMP_SYS(name)
#define LIST(type, ...)                                                                            \
	(const type[]){ __VA_ARGS__ }, sizeof((const type[]){ __VA_ARGS__ }) / sizeof(type)
#define CALLS(...)			   { LIST(int, __VA_ARGS__) }
#define NO_CODE(number)			   { ARGUMENT(WITHOUT, number, PROT_EXEC) }
#define IS(number, value)		   { ARGUMENT(VALUE, number, value) }
#define IS_ONE_OF(number, ...)		   { ARGUMENT(ONE_OF, number, 0) }, LIST(guint32, __VA_ARGS__)
#define NO_PROGRAM(number)		   { ARGUMENT(WITHOUT, number, NOT_DATA) }
#define TO_WRITE(number)                                                                           \
	{ ARGUMENT(ACCESS, number, O_WRONLY), ARGUMENT(WITHOUT, number + 1, NOT_DATA) }
#define OURSELVES			   { ARGUMENT(SELF, 0, 0) }
#define OVER_SOCKET			   { ARGUMENT(SOCKET, 0, 0) }
/* clang-format on */

static const Rule rules[] = {
	/* reading and writing what is open */
	{ ALL, CALLS(CALL(read), CALL(write), CALL(close), CALL(poll), CALL(ppoll)) },
	{ BOTH, CALLS(CALL(fstat), CALL(fsync), CALL(fdatasync)) },
	{ DRAWING, CALLS(CALL(readv), CALL(writev), CALL(pread64), CALL(lseek), CALL(fstatfs),
			 CALL(ftruncate), CALL(select), CALL(pselect6)) },
	{ DRAWING, CALLS(CALL(newfstatat)), IS(3, AT_EMPTY_PATH) }, /* glibc 2.33's fstat() */
	{ BOTH, CALLS(CALL(fcntl)), IS_ONE_OF(1, F_GETFL, F_SETFL) },
	{ DRAWING, CALLS(CALL(fcntl)), IS_ONE_OF(1, F_GETFD, F_SETFD, F_ADD_SEALS, F_GET_SEALS) },
	/* memory, but no code */
	{ ALL, CALLS(CALL(brk), CALL(mremap), CALL(munmap), CALL(madvise)) },
	{ ALL, CALLS(CALL(mmap), CALL(mprotect)), NO_CODE(2) },
	{ DRAWING, CALLS(CALL(memfd_create)) },
	/* ourselves */
	{ ALL, CALLS(CALL(exit), CALL(exit_group), CALL(futex), CALL(getpid), CALL(gettid),
		     CALL(restart_syscall), CALL(rt_sigaction), CALL(rt_sigprocmask),
		     CALL(rt_sigreturn), CALL(sched_yield), CALL(getrandom)) },
	{ ALL, CALLS(CALL(tgkill)), OURSELVES },
	{ DRAWING, CALLS(CALL(kill)), OURSELVES },
	{ BOTH, CALLS(CALL(getuid), CALL(geteuid)) },
	{ DRAWING, CALLS(CALL(rt_sigpending), CALL(rt_sigtimedwait), CALL(rt_sigsuspend),
			 CALL(sigaltstack), CALL(getgid), CALL(getegid), CALL(getppid),
			 CALL(getpgrp), CALL(getrusage), CALL(wait4), CALL(waitid)) },
	{ DRAWING, CALLS(CALL(sysinfo)) }, /* glibc's qsort() */
	{ DRAWING,
	  CALLS(CALL(prlimit64)),
	  { ARGUMENT(VALUE, 0, 0), ARGUMENT(NOWHERE, 2, 0) } }, /* asks */
	/* time */
	{ ALL, CALLS(CALL(clock_gettime)) },
	{ DRAWING, CALLS(CALL(clock_getres), CALL(clock_nanosleep), CALL(gettimeofday),
			 CALL(nanosleep), CALL(time)) },
	/* a loop of its own, a pipe to itself */
	{ DRAWING, CALLS(CALL(eventfd2), CALL(pipe2)) },
	/* the terminal; typing into it for the shell (TIOCSTI, TIOCLINUX) is not among these. The
	 * numbers are TCGETS2, TCSETS2 and its two sisters, of glibc 2.42. */
	{ DRAWING, CALLS(CALL(ioctl)),
	  IS_ONE_OF(1, TCGETS, TCSETS, TCSETSW, TCSETSF, 0x802c542a, 0x402c542b, 0x402c542c,
		    0x402c542d, TCFLSH, TCXONC, TCSBRK, TIOCGWINSZ, TIOCGPGRP, FIONREAD) },
	/* the open capture: losses, the filter of ports that the programs bind, going down */
	{ DRAWING, CALLS(CALL(ioctl)), IS(1, SIOCGIFFLAGS) },
	{ DRAWING, CALLS(CALL(recvfrom), CALL(getsockopt)) },
	{ DRAWING,
	  CALLS(CALL(setsockopt)),
	  { ARGUMENT(ONE_OF, 2, 0), ARGUMENT(VALUE, 1, SOL_SOCKET) },
	  LIST(guint32, SO_ATTACH_FILTER, SO_DETACH_FILTER) },
	/* the broker */
	{ BOTH, CALLS(CALL(sendmsg), CALL(recvmsg)), OVER_SOCKET },
	{ DRAWING, CALLS(CALL(shutdown)) }, /* the terminal's guardian */
	/* files, in the broker: to write, and never to execute */
	{ FILES, CALLS(CALL(open)), TO_WRITE(1) },
	{ FILES, CALLS(CALL(openat)), TO_WRITE(2) },
	{ FILES, CALLS(CALL(fchmod)), NO_PROGRAM(1) },
	{ FILES, CALLS(CALL(fchown), CALL(access), CALL(faccessat), CALL(faccessat2), CALL(getcwd),
		       CALL(readlink), CALL(readlinkat), CALL(stat), CALL(lstat), CALL(newfstatat),
		       CALL(statx), CALL(link), CALL(linkat), CALL(rename), CALL(renameat),
		       CALL(renameat2), CALL(unlink), CALL(unlinkat), CALL(dup)) },
};

/* What the sanitizers' own libraries need, at the end or where they have found something. */
static const Calls sanitizers = CALLS(
    CALL(clone), CALL(clone3), CALL(ptrace), CALL(prctl), CALL(openat), CALL(open), CALL(readlink),
    CALL(readlinkat), CALL(getdents64), CALL(getdents), CALL(wait4), CALL(sigaltstack), CALL(mlock),
    CALL(stat), CALL(newfstatat), CALL(process_vm_readv), CALL(sched_getaffinity), CALL(getrlimit),
    CALL(setrlimit), CALL(prlimit64), CALL(set_robust_list), CALL(rseq), CALL(pipe2), CALL(lseek),
    CALL(fstat), CALL(fcntl), CALL(ioctl), CALL(dup2), CALL(getppid), CALL(sysinfo), CALL(uname),
    CALL(access), CALL(pipe), CALL(tkill), CALL(tgkill), CALL(pread64));

/* What a program that we run has no use for; all else it may: its own libraries need it. */
static const Calls programs_not =
    CALLS(CALL(socket), CALL(socketpair), CALL(connect), CALL(bind), CALL(listen), CALL(accept),
	  CALL(accept4), CALL(ptrace), CALL(process_vm_readv), CALL(process_vm_writev),
	  CALL(pidfd_getfd), CALL(bpf), CALL(io_uring_setup), CALL(perf_event_open),
	  CALL(userfaultfd), CALL(unshare), CALL(setns), CALL(mount), CALL(keyctl), CALL(add_key),
	  CALL(request_key), CALL(open_by_handle_at));

/* What can change or copy what a descriptor stands for, or send over it, and which argument
 * that is. */
static const struct {
	int call;
	guint argument;
} sending[] = {
	{ CALL(write), 0 },    { CALL(writev), 0 }, { CALL(pwrite64), 0 }, { CALL(pwritev), 0 },
	{ CALL(pwritev2), 0 }, { CALL(sendto), 0 }, { CALL(sendmsg), 0 },  { CALL(sendmmsg), 0 },
	{ CALL(sendfile), 0 }, { CALL(splice), 2 }, { CALL(bind), 0 },     { CALL(connect), 0 },
	{ CALL(dup), 0 },      { CALL(dup2), 0 },   { CALL(dup3), 0 },
};

/* fcntl() copies by these commands. */
static const int copying[] = { F_DUPFD, F_DUPFD_CLOEXEC };

/* The calls that would write or copy unseen, or get the descriptor another way. */
static const Calls unseen = CALLS(CALL(io_uring_setup), CALL(io_setup), CALL(pidfd_getfd));

/* `each`: the one of the values, or of the sockets, that the rule is added for. */
static gboolean
rule_add(scmp_filter_ctx filter, const Rule *rule, guint32 each)
{
	struct scmp_arg_cmp comparisons[G_N_ELEMENTS(rule->tests)];
	guint n = 0;

	for (; n < G_N_ELEMENTS(rule->tests) && rule->tests[n].condition != ANY; n++) {
		guint64 mask = G_MAXUINT32, value = rule->tests[n].value;

		switch (rule->tests[n].condition) {
		case NOWHERE:
			mask = G_MAXUINT64;
			break;
		case WITHOUT:
			mask = value;
			value = 0;
			break;
		case ACCESS:
			mask = O_ACCMODE;
			break;
		case SELF:
			value = getpid();
			break;
		case ONE_OF:
		case SOCKET:
			value = each;
			break;
		case VALUE:
		case ANY:
			break;
		}
		comparisons[n] = SCMP_CMP(rule->tests[n].number, SCMP_CMP_MASKED_EQ, mask, value);
	}
	for (gsize i = 0; i < rule->calls.n; i++) {
		if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rule->calls.calls[i], n,
					   comparisons) != 0)
			return FALSE;
	}
	return TRUE;
}

/* A rule about values, or about the sockets, stands for each. */
static gboolean
rules_add(scmp_filter_ctx filter, ConfineRole role, const int *sockets, gsize n_sockets)
{
	for (const Rule *rule = rules; rule < rules + G_N_ELEMENTS(rules); rule++) {
		gboolean of_sockets = rule->tests[0].condition == SOCKET;
		gsize n = of_sockets ? n_sockets : MAX(rule->n_values, 1);

		for (gsize i = 0; i < n && rule->roles & 1u << role; i++) {
			guint32 each = of_sockets     ? (guint32)sockets[i]
				       : rule->values ? rule->values[i]
						      : 0;

			if ((!of_sockets || sockets[i] >= 0) && !rule_add(filter, rule, each))
				return FALSE;
		}
	}
	return TRUE;
}

/* Adds a rule for each call. One that cannot be added is none that this architecture has. */
static void
calls_add(scmp_filter_ctx filter, guint32 action, const Calls *calls)
{
	for (gsize i = 0; i < calls->n; i++)
		seccomp_rule_add(filter, action, calls->calls[i], 0);
}

static scmp_filter_ctx
filter_new(guint32 otherwise)
{
	scmp_filter_ctx filter = seccomp_init(otherwise);

	if (!filter)
		return NULL;
	/* Calls of another architecture's table are not in ours. */
	seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, REFUSE);
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	return filter;
}

/* Loads the filter where it is complete, and frees it. */
static gboolean
filter_load(scmp_filter_ctx filter, gboolean complete)
{
	gboolean loaded = complete && seccomp_load(filter) == 0;

	seccomp_release(filter);
	return loaded;
}

/* ---- Landlock ---- */

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

/* Access to files, by the names of linux/landlock.h; older ones lack some. */
enum {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_FILE = 1 << 5,
	MAKE_REG = 1 << 8,
	VERSION_1 = (1 << 13) - 1, /* these, and folders, devices, pipes, sockets, links */
	REFER = 1 << 13,           /* into another folder */
	TRUNCATE = 1 << 14,
	IOCTL_DEV = 1 << 15,
};

/* As the kernel has it today; older ones take the beginning of it. */
typedef struct {
	guint64 files, net, scoped;
} Ruleset;

static const struct {
	int version;     /* that brought */
	Ruleset handled; /* these */
	gsize size;      /* of the structure that it takes */
} kinds[] = {
	{ 1, { .files = VERSION_1 }, 8 },
	{ 2, { .files = REFER }, 8 },
	{ 3, { .files = TRUNCATE }, 8 },
	{ 4, { .net = 0x3 /* TCP: binding, connecting */ }, 16 },
	{ 5, { .files = IOCTL_DEV }, 16 },
	{ 6, { .scoped = 0x3 /* abstract sockets, signals */ }, 24 },
};

static const guint64 files_left[] = {
	[CONFINE_EXPANDING] = 0,
	[CONFINE_DRAWING] = 0,
	[CONFINE_FILES] = WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE,
	[CONFINE_CONVERTING] = EXECUTE | READ_FILE | READ_DIR | IOCTL_DEV,
};

int
confine_landlock(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

	return MAX(version, 0);
}

/* From here on the process reaches by a path only what its role needs: nothing; regular files, to
 * make, write, rename and remove them; or files, to read and execute them, and /dev/null to write
 * into. No TCP port, abstract socket or other process by a signal is reached either, as far as the
 * kernel's version goes. */
static void
landlock_close(ConfineRole role)
{
	int version = confine_landlock();
	Ruleset ruleset = { 0 };
	gsize size = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds) && kinds[i].version <= version; i++) {
		ruleset.files |= kinds[i].handled.files & ~files_left[role];
		ruleset.net |= kinds[i].handled.net;
		ruleset.scoped |= kinds[i].handled.scoped;
		size = kinds[i].size;
	}
	if (size == 0)
		return;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	g_auto(Fd) fd = syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
	if (fd < 0)
		return;
	if (role == CONFINE_CONVERTING) {
		/* programs throw away into it what they do not want to hear */
		g_auto(Fd) null = open("/dev/null", O_PATH | O_CLOEXEC);
		struct {
			guint64 allowed;
			gint32 parent;
		} __attribute__((packed)) rule = { WRITE_FILE, null };

		syscall(SYS_landlock_add_rule, fd, RULE_PATH_BENEATH, &rule, 0);
	}
	syscall(SYS_landlock_restrict_self, fd, 0);
}

gboolean
confine(ConfineRole role, const int *sockets, gsize n_sockets)
{
	gboolean lists_forbidden = role == CONFINE_CONVERTING;

	if (!SANITIZED)
		landlock_close(role);
	scmp_filter_ctx filter = filter_new(lists_forbidden ? SCMP_ACT_ALLOW : REFUSE);
	if (!filter)
		return FALSE;
	if (lists_forbidden)
		calls_add(filter, REFUSE, &programs_not);
	else if (SANITIZED)
		calls_add(filter, SCMP_ACT_ALLOW, &sanitizers);
	return filter_load(filter, lists_forbidden || rules_add(filter, role, sockets, n_sockets));
}

gboolean
confine_to_reading(int fd)
{
	scmp_filter_ctx filter = filter_new(SCMP_ACT_ALLOW);
	const guint64 low = G_MAXUINT32;
	gboolean added = TRUE;

	if (!filter)
		return FALSE;
	calls_add(filter, REFUSE, &unseen);
	for (gsize i = 0; added && i < G_N_ELEMENTS(sending); i++)
		added = seccomp_rule_add(filter, REFUSE, sending[i].call, 1,
					 SCMP_CMP(sending[i].argument, SCMP_CMP_MASKED_EQ, low,
						  (guint64)fd)) == 0;
	for (gsize i = 0; added && i < G_N_ELEMENTS(copying); i++)
		added =
		    seccomp_rule_add(filter, REFUSE, CALL(fcntl), 2,
				     SCMP_A0(SCMP_CMP_MASKED_EQ, low, (guint64)fd),
				     SCMP_A1(SCMP_CMP_MASKED_EQ, low, (guint64)copying[i])) == 0;
	return filter_load(filter, added);
}

gboolean
confine_spares_sanitizers(void)
{
	return SANITIZED;
}

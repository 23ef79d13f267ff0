/* Theory of operation
 *
 * One table says which system calls are left to whom, and with which arguments where a call
 * can do too much. It is a list of what is allowed: a call that nobody thought of is
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
 */
#include "pktladder/confine.h"
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

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

enum { EXPANDING = 1 << CONFINE_EXPANDING, DRAWING = 1 << CONFINE_DRAWING, ALL = 0xff };

/* What a rule compares an argument with. */
typedef enum {
	ANY,	/* nothing */
	VALUE,	/* is this number */
	WITHOUT, /* has none of these bits */
	SELF,	/* is our own process */
	SENDER, /* is the descriptor to send over */
} Condition;

typedef struct {
	int call;
	guint roles;
	struct {
		Condition condition;
		guint number; /* of the argument */
		guint64 value;
	} tests[2]; /* both must be met */
} Rule;

#define ARGUMENT(condition, number, value) { condition, number, value }
#define CALL(name)			   SCMP_SYS(name)
#define NO_CODE(number)			   { ARGUMENT(WITHOUT, number, PROT_EXEC) }
#define IS(number, value)		   { ARGUMENT(VALUE, number, value) }
#define OURSELVES			   { ARGUMENT(SELF, 0, 0) }
#define OVER_SENDER			   { ARGUMENT(SENDER, 0, 0) }

static const Rule rules[] = {
	/* reading and writing what is open */
	{ CALL(read), ALL },
	{ CALL(write), ALL },
	{ CALL(close), ALL },
	{ CALL(poll), ALL },
	{ CALL(ppoll), ALL },
	{ CALL(readv), DRAWING },
	{ CALL(writev), DRAWING },
	{ CALL(pread64), DRAWING },
	{ CALL(lseek), DRAWING },
	{ CALL(fstat), DRAWING },
	{ CALL(newfstatat), DRAWING, IS(3, AT_EMPTY_PATH) }, /* glibc 2.33's fstat() */
	{ CALL(fstatfs), DRAWING },
	{ CALL(ftruncate), DRAWING },
	{ CALL(fsync), DRAWING },
	{ CALL(fdatasync), DRAWING },
	{ CALL(select), DRAWING },
	{ CALL(pselect6), DRAWING },
	{ CALL(fcntl), DRAWING, IS(1, F_GETFL) },
	{ CALL(fcntl), DRAWING, IS(1, F_SETFL) },
	{ CALL(fcntl), DRAWING, IS(1, F_GETFD) },
	{ CALL(fcntl), DRAWING, IS(1, F_SETFD) },
	{ CALL(fcntl), DRAWING, IS(1, F_ADD_SEALS) },
	{ CALL(fcntl), DRAWING, IS(1, F_GET_SEALS) },
	/* memory, but no code */
	{ CALL(brk), ALL },
	{ CALL(mmap), ALL, NO_CODE(2) },
	{ CALL(mprotect), ALL, NO_CODE(2) },
	{ CALL(mremap), ALL },
	{ CALL(munmap), ALL },
	{ CALL(madvise), ALL },
	{ CALL(memfd_create), DRAWING },
	/* ourselves */
	{ CALL(exit), ALL },
	{ CALL(exit_group), ALL },
	{ CALL(futex), ALL },
	{ CALL(getpid), ALL },
	{ CALL(gettid), ALL },
	{ CALL(tgkill), ALL, OURSELVES },
	{ CALL(restart_syscall), ALL },
	{ CALL(rt_sigaction), ALL },
	{ CALL(rt_sigprocmask), ALL },
	{ CALL(rt_sigreturn), ALL },
	{ CALL(sched_yield), ALL },
	{ CALL(getrandom), ALL },
	{ CALL(kill), DRAWING, OURSELVES },
	{ CALL(rt_sigpending), DRAWING },
	{ CALL(rt_sigtimedwait), DRAWING },
	{ CALL(rt_sigsuspend), DRAWING },
	{ CALL(sigaltstack), DRAWING },
	{ CALL(getuid), DRAWING },
	{ CALL(geteuid), DRAWING },
	{ CALL(getgid), DRAWING },
	{ CALL(getegid), DRAWING },
	{ CALL(getppid), DRAWING },
	{ CALL(getpgrp), DRAWING },
	{ CALL(getrusage), DRAWING },
	{ CALL(sysinfo), DRAWING }, /* glibc's qsort() */
	{ CALL(prlimit64), DRAWING, { ARGUMENT(VALUE, 0, 0), ARGUMENT(VALUE, 2, 0) } }, /* asks */
	{ CALL(wait4), DRAWING },
	{ CALL(waitid), DRAWING },
	/* time */
	{ CALL(clock_gettime), ALL },
	{ CALL(clock_getres), DRAWING },
	{ CALL(clock_nanosleep), DRAWING },
	{ CALL(gettimeofday), DRAWING },
	{ CALL(nanosleep), DRAWING },
	{ CALL(time), DRAWING },
	/* a loop of its own, a pipe to itself */
	{ CALL(eventfd2), DRAWING },
	{ CALL(pipe2), DRAWING },
	/* the terminal; typing into it for the shell (TIOCSTI, TIOCLINUX) is not among these */
	{ CALL(ioctl), DRAWING, IS(1, TCGETS) },
	{ CALL(ioctl), DRAWING, IS(1, TCSETS) },
	{ CALL(ioctl), DRAWING, IS(1, TCSETSW) },
	{ CALL(ioctl), DRAWING, IS(1, TCSETSF) },
	{ CALL(ioctl), DRAWING, IS(1, 0x802c542a) }, /* TCGETS2, */
	{ CALL(ioctl), DRAWING, IS(1, 0x402c542b) }, /* TCSETS2 */
	{ CALL(ioctl), DRAWING, IS(1, 0x402c542c) }, /* and its two sisters: glibc 2.42 */
	{ CALL(ioctl), DRAWING, IS(1, 0x402c542d) },
	{ CALL(ioctl), DRAWING, IS(1, TCFLSH) },
	{ CALL(ioctl), DRAWING, IS(1, TCXONC) },
	{ CALL(ioctl), DRAWING, IS(1, TCSBRK) },
	{ CALL(ioctl), DRAWING, IS(1, TIOCGWINSZ) },
	{ CALL(ioctl), DRAWING, IS(1, TIOCGPGRP) },
	{ CALL(ioctl), DRAWING, IS(1, FIONREAD) },
	/* the open capture: losses, the filter of ports that the programs bind, going down */
	{ CALL(ioctl), DRAWING, IS(1, SIOCGIFFLAGS) },
	{ CALL(recvfrom), DRAWING },
	{ CALL(getsockopt), DRAWING },
	{ CALL(setsockopt), DRAWING,
	  { ARGUMENT(VALUE, 1, SOL_SOCKET), ARGUMENT(VALUE, 2, SO_ATTACH_FILTER) } },
	{ CALL(setsockopt), DRAWING,
	  { ARGUMENT(VALUE, 1, SOL_SOCKET), ARGUMENT(VALUE, 2, SO_DETACH_FILTER) } },
	/* the broker */
	{ CALL(sendmsg), DRAWING, OVER_SENDER },
	{ CALL(recvmsg), DRAWING, OVER_SENDER },
};

/* What the sanitizers' own libraries need, at the end or where they have found something. */
static const int sanitizers[] = {
	CALL(clone),	     CALL(clone3),	CALL(ptrace),	     CALL(prctl),
	CALL(openat),	     CALL(open),	CALL(readlink),	     CALL(readlinkat),
	CALL(getdents64),    CALL(wait4),	CALL(sigaltstack),   CALL(mlock),
	CALL(stat),	     CALL(newfstatat),	CALL(process_vm_readv),
	CALL(sched_getaffinity), CALL(getrlimit), CALL(setrlimit), CALL(prlimit64),
	CALL(set_robust_list), CALL(rseq),	CALL(pipe2),	     CALL(lseek),
	CALL(fstat),	     CALL(fcntl),	CALL(ioctl),	     CALL(dup2),
	CALL(getppid),	     CALL(sysinfo),	CALL(uname),	     CALL(access),
	CALL(pipe),	     CALL(tkill),	CALL(tgkill),	     CALL(pread64),
};

/* The tests of a rule as libseccomp takes them. */
static guint
comparisons_make(const Rule *rule, int send_fd, struct scmp_arg_cmp *comparisons)
{
	const guint64 low = G_MAXUINT32;
	guint n = 0;

	for (; n < G_N_ELEMENTS(rule->tests) && rule->tests[n].condition != ANY; n++) {
		guint64 mask = low, value = rule->tests[n].value;

		switch (rule->tests[n].condition) {
		case WITHOUT:
			mask = value;
			value = 0;
			break;
		case SELF:
			value = getpid();
			break;
		case SENDER:
			value = send_fd;
			break;
		case VALUE:
		case ANY:
			break;
		}
		comparisons[n] = SCMP_CMP(rule->tests[n].number, SCMP_CMP_MASKED_EQ, mask, value);
	}
	return n;
}

static gboolean
names_sender(const Rule *rule)
{
	return rule->tests[0].condition == SENDER;
}

static gboolean
rules_add(scmp_filter_ctx filter, ConfineRole role, int send_fd)
{
	struct scmp_arg_cmp comparisons[2];

	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
		guint n = comparisons_make(&rules[i], send_fd, comparisons);

		if (!(rules[i].roles & (1 << role)) || (names_sender(&rules[i]) && send_fd < 0))
			continue;
		if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rules[i].call, n, comparisons) < 0)
			return FALSE;
	}
	for (gsize i = 0; SANITIZED && i < G_N_ELEMENTS(sanitizers); i++)
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, sanitizers[i], 0);
	return TRUE;
}

gboolean
confine(ConfineRole role, int send_fd)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	gboolean confined;

	if (!filter)
		return FALSE;
	/* Calls of another architecture's table are not in ours. */
	seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!SANITIZED)
		landlock_close();
	confined = rules_add(filter, role, send_fd) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return confined;
}

int
confine_landlock(void)
{
	return landlock_version();
}

gboolean
confine_seccomp(void)
{
	guint32 action = SECCOMP_RET_ERRNO;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

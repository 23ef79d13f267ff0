/* SPDX-License-Identifier: MIT */
/* call.c - socket calls as text for people. */
#include <fcntl.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "pktladder/call.h"

/* Which arguments are shown. */
typedef enum {
	ARGUMENTS_NONE,    /* exit(), execve() */
	ARGUMENTS_WORK,    /* (process the request) */
	ARGUMENTS_FD,      /* close(3) */
	ARGUMENTS_SOCKET,  /* socket(AF_INET, SOCK_STREAM) */
	ARGUMENTS_ADDRESS, /* connect(3, 127.0.0.1:5000) */
	ARGUMENTS_BACKLOG, /* listen(3, 16) */
	ARGUMENTS_ACCEPT,  /* accept(3), accept4(3, SOCK_CLOEXEC) */
	ARGUMENTS_SEND, /* send(3, 12 B), sendto(3, 12 B, 127.0.0.1:9), sendmsg(3, SCM_RIGHTS [6])
			 */
	ARGUMENTS_RECV, /* recv(3, 4096 B) */
	ARGUMENTS_HOW,  /* shutdown(3, SHUT_WR) */
	ARGUMENTS_COPY, /* dup2(4, 3), dup3(4, 3, O_CLOEXEC) */
	ARGUMENTS_COMMAND, /* fcntl(3, F_DUPFD, 10) */
	ARGUMENTS_RANGE,   /* close_range(3, ~0U) */
	ARGUMENTS_OPTION,  /* setsockopt(3, SOL_SOCKET, SO_REUSEADDR) */
	ARGUMENTS_WAIT,    /* poll(3, 500 ms) */
} Arguments;

/* What a result that is no error means. */
typedef enum {
	RESULT_NUMBER,
	RESULT_SENT,     /* bytes */
	RESULT_RECEIVED, /* bytes, of which none are the end of file */
	RESULT_MESSAGES,
	RESULT_READY,
	RESULT_STATUS,
} Result;

static const struct {
	const char *name;
	Arguments arguments;
	Result result;
	CallEffect effect;
} calls[] = { [CALL_NONE] = { "?", ARGUMENTS_FD, RESULT_NUMBER, CALL_NOTHING },
#define CALL(NAME, name, arguments, result, effect)                                                \
	[CALL_##NAME] = { #name, ARGUMENTS_##arguments, RESULT_##result, CALL_##effect },
	      CALL_TABLE(CALL)
#undef CALL
};

/* The largest error number that the kernel returns. */
#define ERRNO_MAX 4095

const char *
call_name(CallName name)
{
	return calls[(guint)name < N_CALLS ? name : CALL_NONE].name;
}

CallName
call_name_from(const char *text)
{
	for (guint i = CALL_NONE + 1; i < N_CALLS; i++)
		if (strcmp(calls[i].name, text) == 0)
			return i;
	return CALL_NONE;
}

CallEffect
call_effect(CallName name)
{
	return calls[(guint)name < N_CALLS ? name : CALL_NONE].effect;
}

gboolean
call_can_wait(CallName name)
{
	return call_effect(name) != CALL_NOTHING && name != CALL_EXIT && name != CALL_EXECVE;
}

gboolean
call_passes(const CallRecord *call)
{
	return (call->name == CALL_SENDMSG || call->name == CALL_RECVMSG) &&
	       call->size == CALL_PASSES;
}

gboolean
call_sets_up(const CallRecord *call)
{
	return call->name == CALL_FCNTL || call->name == CALL_GETSOCKNAME ||
	       call->name == CALL_GETPEERNAME || call->name == CALL_GETSOCKOPT ||
	       call->name == CALL_SETSOCKOPT ||
	       (call->name == CALL_CONNECT && call->transport == TRANSPORT_UDP);
}

gboolean
call_closes(const CallRecord *call)
{
	gboolean copies = call->name == CALL_DUP2 || call->name == CALL_DUP3;

	return call_effect(call->name) == CALL_CLOSES &&
	       (!copies || (call->size > 0 && call->size & CALL_COPIED_OVER));
}

const char *
call_errno_name(int error)
{
	const char *name = error > 0 ? strerrorname_np(error) : NULL;
	if (name)
		return name;

	char text[32];
	g_snprintf(text, sizeof(text), "errno %d", error);
	return g_intern_string(text);
}

/* Arguments by their names. */

typedef struct {
	gint32 value;
	const char *name;
} ValueName;

/* clang-format off */
#define NAMED(constant) { constant, #constant }
#define NAMED_END { 0 } /* of each table */

static const ValueName message_flags[] = {
	NAMED(MSG_OOB), NAMED(MSG_PEEK), NAMED(MSG_DONTROUTE), NAMED(MSG_TRUNC), NAMED(MSG_CTRUNC),
	NAMED(MSG_DONTWAIT), NAMED(MSG_EOR), NAMED(MSG_WAITALL), NAMED(MSG_CONFIRM),
	NAMED(MSG_ERRQUEUE), NAMED(MSG_NOSIGNAL), NAMED(MSG_MORE), NAMED(MSG_WAITFORONE),
	NAMED(MSG_ZEROCOPY), NAMED(MSG_FASTOPEN), NAMED(MSG_CMSG_CLOEXEC), NAMED_END
};
static const ValueName splice_flags[] = {
	NAMED(SPLICE_F_MOVE), NAMED(SPLICE_F_NONBLOCK), NAMED(SPLICE_F_MORE), NAMED(SPLICE_F_GIFT),
	NAMED_END
};
static const ValueName copy_flags[] = { NAMED(O_CLOEXEC), NAMED_END };
static const ValueName commands[] = { NAMED(F_DUPFD), NAMED(F_DUPFD_CLOEXEC), NAMED_END };
static const ValueName range_flags[] = {
	NAMED(CLOSE_RANGE_UNSHARE), NAMED(CLOSE_RANGE_CLOEXEC), NAMED_END
};
static const ValueName socket_flags[] = { NAMED(SOCK_CLOEXEC), NAMED(SOCK_NONBLOCK), NAMED_END };
static const ValueName socket_types[] = {
	NAMED(SOCK_STREAM), NAMED(SOCK_DGRAM), NAMED(SOCK_RAW), NAMED(SOCK_SEQPACKET), NAMED_END
};
static const ValueName protocols[] = { { 262, "IPPROTO_MPTCP" }, NAMED_END };
static const ValueName hows[] = { NAMED(SHUT_RD), NAMED(SHUT_WR), NAMED(SHUT_RDWR), NAMED_END };
static const ValueName socket_options[] = {
	NAMED(SO_REUSEADDR), NAMED(SO_REUSEPORT), NAMED(SO_ERROR), NAMED(SO_TYPE),
	NAMED(SO_KEEPALIVE), NAMED(SO_LINGER), NAMED(SO_BROADCAST), NAMED(SO_SNDBUF),
	NAMED(SO_RCVBUF), NAMED(SO_RCVTIMEO), NAMED(SO_SNDTIMEO), NAMED(SO_RCVLOWAT),
	NAMED(SO_OOBINLINE), NAMED(SO_DONTROUTE), NAMED(SO_ACCEPTCONN), NAMED(SO_BINDTODEVICE),
	NAMED(SO_TIMESTAMP), NAMED(SO_PROTOCOL), NAMED(SO_DOMAIN), NAMED(SO_PRIORITY),
	NAMED(SO_INCOMING_CPU), NAMED(SO_ZEROCOPY), NAMED_END
};
static const ValueName tcp_options[] = {
	NAMED(TCP_NODELAY), NAMED(TCP_CORK), NAMED(TCP_MAXSEG), NAMED(TCP_KEEPIDLE),
	NAMED(TCP_KEEPINTVL), NAMED(TCP_KEEPCNT), NAMED(TCP_SYNCNT), NAMED(TCP_LINGER2),
	NAMED(TCP_INFO), NAMED(TCP_QUICKACK), NAMED(TCP_CONGESTION), NAMED(TCP_DEFER_ACCEPT),
	NAMED(TCP_FASTOPEN), NAMED(TCP_FASTOPEN_CONNECT), NAMED(TCP_WINDOW_CLAMP),
	NAMED(TCP_USER_TIMEOUT), NAMED(TCP_ULP), NAMED(TCP_NOTSENT_LOWAT), NAMED_END
};
static const ValueName ip_options[] = {
	NAMED(IP_TOS), NAMED(IP_TTL), NAMED(IP_PKTINFO), NAMED(IP_RECVERR), NAMED(IP_MTU_DISCOVER),
	NAMED(IP_MTU), NAMED_END
};
static const ValueName ipv6_options[] = {
	NAMED(IPV6_V6ONLY), NAMED(IPV6_RECVERR), NAMED(IPV6_TCLASS), NAMED_END
};
/* clang-format on */

static const struct {
	ValueName level;
	const ValueName *options;
} levels[] = {
	{ NAMED(SOL_SOCKET), socket_options },
	{ NAMED(IPPROTO_TCP), tcp_options },
	{ NAMED(IPPROTO_IP), ip_options },
	{ NAMED(IPPROTO_IPV6), ipv6_options },
	{ NAMED(IPPROTO_UDP), (const ValueName[]){ NAMED_END } },
};

static void
append_value(GString *text, const ValueName *names, gint32 value)
{
	while (names->name && names->value != value)
		names++;
	if (names->name)
		g_string_append(text, names->name);
	else
		g_string_append_printf(text, "%d", value);
}

/* ", MSG_PEEK|MSG_DONTWAIT"; nothing where no flag is set. */
static void
append_flags(GString *text, const char *separator, const ValueName *names, guint32 flags)
{
	for (; names->name; names++) {
		if (flags & (guint32)names->value) {
			g_string_append_printf(text, "%s%s", separator, names->name);
			flags &= ~(guint32)names->value;
			separator = "|";
		}
	}
	if (flags)
		g_string_append_printf(text, "%s0x%x", separator, flags);
}

static void
append_address(GString *text, const CallRecord *call)
{
	if (call->has_address)
		g_string_append_printf(text, ", %s", endpoint_text(&call->address).text);
}

/* The descriptors that the call is about: the first of its arguments. */
static void
append_descriptors(GString *text, const CallRecord *call, Arguments arguments)
{
	if (arguments == ARGUMENTS_COPY) {
		const gboolean over = call_closes(call);
		const guint32 copy = call->size > 0 ? (guint32)call->size : 0;

		g_string_append_printf(text, "%d, %d", over ? call->flags : call->fd,
				       over ? call->fd : call->flags);
		append_flags(text, ", ", copy_flags, copy);
	} else if (arguments == ARGUMENTS_RANGE) {
		g_string_append_printf(text, "%u, ", (guint32)call->flags);
		if ((guint32)call->size == G_MAXUINT32)
			g_string_append(text, "~0U");
		else
			g_string_append_printf(text, "%u", (guint32)call->size);
		append_flags(text, ", ", range_flags, (guint32)((guint64)call->size >> 32));
	} else if (arguments != ARGUMENTS_SOCKET && arguments != ARGUMENTS_NONE) {
		g_string_append_printf(text, "%d", call->fd);
	}
}

/* What stands between the parentheses. */
static void
append_arguments(GString *text, const CallRecord *call, Arguments arguments)
{
	const gint32 flags = call->flags & (SOCK_CLOEXEC | SOCK_NONBLOCK);
	guint level = 0;

	if (call_passes(call)) {
		g_string_append_printf(text, "%d, SCM_RIGHTS [%d]", call->flags, call->fd);
		return;
	}
	append_descriptors(text, call, arguments);
	switch (arguments) {
	case ARGUMENTS_SOCKET:
		g_string_append(text, call->version == 6   ? "AF_INET6, "
				      : call->version == 4 ? "AF_INET, "
							   : "?, ");
		append_value(text, socket_types, call->flags & ~flags);
		append_flags(text, "|", socket_flags, (guint32)flags);
		if (call->size >= 0) {
			g_string_append(text, ", ");
			append_value(text, protocols, (gint32)call->size);
		}
		break;
	case ARGUMENTS_ADDRESS:
		append_address(text, call);
		break;
	case ARGUMENTS_BACKLOG:
		g_string_append_printf(text, ", %d", call->flags);
		break;
	case ARGUMENTS_ACCEPT:
		append_flags(text, ", ", socket_flags, (guint32)call->flags);
		break;
	case ARGUMENTS_SEND:
	case ARGUMENTS_RECV:
		if (call->size >= 0)
			g_string_append_printf(text, ", %" G_GINT64_FORMAT " B", call->size);
		append_flags(text, ", ", call->name == CALL_SPLICE ? splice_flags : message_flags,
			     (guint32)call->flags);
		/* Where a receive's address is filled in is no argument. */
		if (arguments == ARGUMENTS_SEND)
			append_address(text, call);
		break;
	case ARGUMENTS_HOW:
		g_string_append(text, ", ");
		append_value(text, hows, call->flags);
		break;
	case ARGUMENTS_COMMAND:
		g_string_append(text, ", ");
		append_value(text, commands, call->flags);
		g_string_append_printf(text, ", %" G_GINT64_FORMAT, call->size);
		break;
	case ARGUMENTS_OPTION: /* level << 16 | option */
		while (level < G_N_ELEMENTS(levels) &&
		       levels[level].level.value != (gint32)((guint32)call->flags >> 16))
			level++;
		if (level < G_N_ELEMENTS(levels)) {
			g_string_append_printf(text, ", %s, ", levels[level].level.name);
			append_value(text, levels[level].options, call->flags & 0xffff);
		} else {
			g_string_append_printf(text, ", %u, %d", (guint32)call->flags >> 16,
					       call->flags & 0xffff);
		}
		break;
	case ARGUMENTS_WAIT:
		if (call->size >= 0)
			g_string_append_printf(text, ", %" G_GINT64_FORMAT " ms", call->size);
		break;
	default:
		break;
	}
}

char *
call_to_string(const CallRecord *call, CallLength length)
{
	const Arguments arguments = calls[call->name < N_CALLS ? call->name : CALL_NONE].arguments;
	GString *text = g_string_new(call_name(call->name));

	if (arguments == ARGUMENTS_WORK && length != CALL_NAME_ONLY) {
		g_string_assign(text, "(process the request)");
	} else if (length != CALL_NAME_ONLY) {
		g_string_append_c(text, '(');
		append_arguments(text, call, arguments);
		const char *second = length == CALL_SHORT ? strstr(text->str, ", ") : NULL;
		if (second)
			g_string_truncate(text, (gsize)(second - text->str));
		g_string_append_c(text, ')');
	}
	return g_string_free(text, FALSE);
}

int
call_errno(const CallRecord *record)
{
	return record->result < 0 && record->result >= -ERRNO_MAX && record->result != CALL_CUT_OFF
		   ? (int)-record->result
		   : 0;
}

char *
call_result_to_string(const CallRecord *call)
{
	static const char *const units[] = {
		[RESULT_NUMBER] = "",       [RESULT_SENT] = " B",      [RESULT_RECEIVED] = " B",
		[RESULT_MESSAGES] = " msg", [RESULT_READY] = " ready", [RESULT_STATUS] = "",
	};
	const Result result = calls[call->name < N_CALLS ? call->name : CALL_NONE].result;

	if (call_errno(call))
		return g_strdup(call_errno_name(call_errno(call)));
	if (call->result == CALL_CUT_OFF)
		return g_strdup("?");
	/* What killed the process: "SIGTERM". */
	if (result == RESULT_STATUS && call->result > 256 && call->result < 256 + NSIG) {
		const int signal_number = (int)(call->result - 256);
		const char *name = sigabbrev_np(signal_number);

		return name ? g_strconcat("SIG", name, NULL)
			    : g_strdup_printf("signal %d", signal_number);
	}
	if (result == RESULT_RECEIVED && call->result == 0 && call->size > 0 &&
	    call->transport == TRANSPORT_TCP)
		return g_strdup("EOF");
	if (result == RESULT_READY && call->result > 0 && call->flags > 0)
		return g_strdup_printf("%" G_GINT64_FORMAT " ready: %d", call->result, call->flags);
	return g_strdup_printf("%" G_GINT64_FORMAT "%s", call->result, units[result]);
}

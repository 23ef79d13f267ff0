/* diag.c - inet_diag over netlink: one question and one answer at a time, by
 * address and cookie, so that nothing is searched (a dump costs 190 us). */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "diag.h"
#include "proc.h"
#include "pktladder/track.h"

struct _Diag {
	int fd; /* -1: it cannot be asked */
	guint32 sequence;
};

typedef struct {
	struct nlmsghdr header;
	struct inet_diag_req_v2 request;
} Question;

static Question
make_question(guint64 cookie, const Endpoint *local, const Endpoint *peer)
{
	Question question = {
		.header = {
			.nlmsg_len = sizeof(question),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.request = {
			.sdiag_family = local->version == 6 ? AF_INET6 : AF_INET,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_states = ~0u,
			.id = {
				.idiag_sport = g_htons(local->port),
				.idiag_dport = g_htons(peer->port),
				.idiag_cookie = { (guint32)cookie, (guint32)(cookie >> 32) },
			},
		},
	};
	memcpy(question.request.id.idiag_src, local->address, sizeof(local->address));
	memcpy(question.request.id.idiag_dst, peer->address, sizeof(peer->address));
	return question;
}

/* The state; -ENOENT or -ESTALE where there is no such socket, else another error. */
static int
ask(Diag *diag, Question *question)
{
	union {
		struct nlmsghdr header;
		char bytes[8192];
	} answer;

	question->header.nlmsg_seq = ++diag->sequence;
	if (send(diag->fd, question, sizeof(*question), 0) < 0)
		return -errno;
	do {
		const ssize_t length = recv(diag->fd, &answer, sizeof(answer), 0);
		if (length < 0)
			return -errno;
		if (!NLMSG_OK(&answer.header, (size_t)length))
			return -EPROTO;
	} while (answer.header.nlmsg_seq != diag->sequence);

	if (answer.header.nlmsg_type == NLMSG_ERROR &&
	    answer.header.nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		return ((struct nlmsgerr *)NLMSG_DATA(&answer.header))->error;
	if (answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    answer.header.nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg)))
		return -EPROTO;
	return ((struct inet_diag_msg *)NLMSG_DATA(&answer.header))->idiag_state;
}

/* A kernel without inet_diag answers as if there were no socket. So it is asked
 * for one that is there: a listening one of our own, on a free port, for a moment. */
static gboolean
answers(Diag *diag)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = g_htonl(INADDR_LOOPBACK),
	};
	struct sockaddr_storage name;
	socklen_t size = sizeof(name);
	Endpoint local;
	int state = -1;

	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return FALSE;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 1) == 0 &&
	    getsockname(fd, (struct sockaddr *)&name, &size) == 0 &&
	    sockaddr_to_endpoint(&name, size, &local)) {
		const Endpoint none = { 0 };
		Question question = make_question(~G_GUINT64_CONSTANT(0), &local, &none);
		state = ask(diag, &question);
	}
	close(fd);
	return state == TCP_STATE_LISTEN;
}

Diag *
diag_new(void)
{
	const struct timeval patience = { .tv_usec = 200000 };
	Diag *diag = g_new0(Diag, 1);

	diag->fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (diag->fd >= 0) {
		setsockopt(diag->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (!answers(diag)) {
			close(diag->fd);
			diag->fd = -1;
		}
	}
	return diag;
}

void
diag_free(Diag *diag)
{
	if (diag->fd >= 0)
		close(diag->fd);
	g_free(diag);
}

guint8
diag_tcp_state(Diag *diag, guint64 cookie, const Endpoint *local, const Endpoint *peer)
{
	if (diag->fd < 0)
		return TCP_STATE_UNKNOWN;
	if (local->port == 0) /* it was never on the wire */
		return TCP_STATE_CLOSED;

	Question question = make_question(cookie, local, peer);
	const int state = ask(diag, &question);
	if (state == -ENOENT || state == -ESTALE)
		return TCP_STATE_CLOSED;
	return state > 0 && state < N_TCP_STATES ? (guint8)state : TCP_STATE_UNKNOWN;
}

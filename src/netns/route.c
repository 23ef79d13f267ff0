/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * How a connection paces its segments is its congestion control's choice, and that is the
 * machine's default (a namespace may only choose among a few): bbr sends by its own clock, cubic
 * does not. But a route can name one, and then all connections over it have that, both ends. So
 * the kernel's own routes to lo are replaced. Those of IPv6 have the metric 0, which cannot be
 * asked for: the new one is put behind, and the first one is taken away.
 */
#include "route.h"
#include "pktladder/fd.h"

#include <arpa/inet.h>
#include <glib.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

typedef struct {
	struct nlmsghdr header;
	struct rtmsg route;
	char attributes[128];
} Request;

static void
add_attribute(Request *request, guint16 type, gconstpointer data, gsize size)
{
	struct rtattr *at = (void *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	at->rta_type = type;
	at->rta_len = RTA_LENGTH(size);
	memcpy(RTA_DATA(at), data, size);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(at->rta_len);
}

/* RTM_NEWROUTE or RTM_DELROUTE, of the route to lo's own addresses below `prefix`. `control` NULL:
 * whichever it has. */
static gboolean
route_ask(int fd, guint16 type, const char *prefix, guint8 length, const char *control)
{
	const gboolean v6 = strchr(prefix, ':') != NULL;
	Request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
			    .nlmsg_type = type,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK |
					   (type != RTM_NEWROUTE ? 0
					    : v6                 ? NLM_F_CREATE
								 : NLM_F_REPLACE) },
		.route = { .rtm_family = v6 ? AF_INET6 : AF_INET,
			   .rtm_dst_len = length,
			   .rtm_table = RT_TABLE_LOCAL,
			   .rtm_protocol = RTPROT_KERNEL,
			   .rtm_scope = v6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_HOST,
			   .rtm_type = RTN_LOCAL },
	};
	struct {
		struct rtattr attribute;
		char name[16];
	} metric = { .attribute = { .rta_type = RTAX_CC_ALGO } };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		Request echo;
	} answer;
	const gsize least = NLMSG_LENGTH(sizeof(answer.error));
	const guint32 lo = if_nametoindex("lo");
	guint8 address[16];

	inet_pton(v6 ? AF_INET6 : AF_INET, prefix, address);
	add_attribute(&request, RTA_DST, address, v6 ? 16 : 4);
	add_attribute(&request, RTA_OIF, &lo, sizeof(lo));
	if (!v6) {
		inet_pton(AF_INET, "127.0.0.1", address);
		add_attribute(&request, RTA_PREFSRC, address, 4);
	}
	if (control) {
		g_strlcpy(metric.name, control, sizeof(metric.name));
		metric.attribute.rta_len = RTA_LENGTH(strlen(control) + 1);
		add_attribute(&request, RTA_METRICS, &metric, metric.attribute.rta_len);
	}
	return send(fd, &request, request.header.nlmsg_len, 0) > 0 &&
	       recv(fd, &answer, sizeof(answer), 0) >= (gssize)least &&
	       answer.header.nlmsg_type == NLMSG_ERROR && answer.error.error == 0;
}

void
route_set_congestion_control(void)
{
	static const char *const controls[] = { "cubic", "reno" };
	g_auto(Fd) fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	gboolean set = FALSE;

	for (gsize i = 0; fd >= 0 && !set && i < G_N_ELEMENTS(controls); i++) {
		const char *control = controls[i];

		set = route_ask(fd, RTM_NEWROUTE, "127.0.0.1", 32, control) &&
		      route_ask(fd, RTM_NEWROUTE, "127.0.0.0", 8, control);
		if (set && route_ask(fd, RTM_NEWROUTE, "::1", 128, control))
			route_ask(fd, RTM_DELROUTE, "::1", 128, NULL);
	}
}

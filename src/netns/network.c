/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * A private network is a network namespace. To make one takes CAP_SYS_ADMIN. Root has it, and needs
 * no more: he keeps his rights over files until he gives them up. An ordinary user has it in a user
 * namespace of his own: so both are made in one call. He is mapped to himself, hence every file
 * looks as before, and no other user exists inside. All capabilities come with it, but only over
 * what is in it: enough to set up lo and to capture on it.
 *
 * unshare() cannot be undone. So that a failure can lead to a fallback, it is tried in a child
 * first, which sends what it found over a pipe.
 *
 * A loopback interface is made for speed: an MTU of 65536, and TCP hands it pieces of up to 64 kB
 * that nobody cuts (TSO, GSO; of UDP, USO). On a ladder one send() would then be one giant
 * "segment", which no wire has ever seen. The MTU alone does not change it, the offloads must go
 * too.
 *
 * How a connection paces its segments is its congestion control's choice, and that is the
 * machine's default (a namespace may only choose among a few): bbr sends by its own clock, cubic
 * does not. But a route can name one, and then all connections over it have that, both ends. So
 * the kernel's own routes to lo are replaced. Those of IPv6 have the metric 0, which cannot be
 * asked for: the new one is put behind, and the first one is taken away.
 */
#include "pktladder/network.h"
#include "pktladder/fd.h"
#include "pktladder/complain.h"
#include "pktladder/i18n.h"
#include "policy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MTU = 1500,
	MAX_FEATURES = 256, /* the kernel has about 64 */
	PROBE_SECONDS = 10,
};

/* g_file_set_contents() writes to another file and renames, which /proc cannot do. */
static gboolean
write_file(const char *path, const char *text)
{
	g_auto(Fd) fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) == (gssize)strlen(text);
}

static gboolean
fail_namespace(GError **error, const char *step, int reason)
{
	PolicyQuestion question = { .root = "/", .error = reason, .privileged = geteuid() == 0 };
	g_autofree char *why = policy_explain(&question);

	return error_set(error, NETWORK_ERROR, NETWORK_ERROR_NO_NAMESPACE,
			 _("no private network: %s failed (%s). %s"), step, g_strerror(reason),
			 why);
}

/* The kernel lets a user map himself, but groups only once setgroups() is
 * denied: else a process could leave a group that a file is closed to. */
static gboolean
map_user(uid_t uid, gid_t gid, GError **error)
{
	g_autofree char *uid_map = g_strdup_printf("%u %u 1\n", uid, uid);
	g_autofree char *gid_map = g_strdup_printf("%u %u 1\n", gid, gid);
	const struct {
		const char *path, *text;
	} maps[] = {
		{ "/proc/self/setgroups", "deny" },
		{ "/proc/self/uid_map", uid_map },
		{ "/proc/self/gid_map", gid_map },
	};

	/* These files are root's where we are hidden. There is nothing yet that is worth taking. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	gboolean mapped = TRUE;
	for (gsize i = 0; mapped && i < G_N_ELEMENTS(maps); i++)
		mapped = write_file(maps[i].path, maps[i].text) ||
			 fail_namespace(error, maps[i].path, errno);
	privileges_hide();
	return mapped;
}

static const struct {
	guint32 command;
	const char *name;
} offloads[] = {
	{ ETHTOOL_STSO, "TSO" },
	{ ETHTOOL_SGSO, "GSO" },
	{ ETHTOOL_SGRO, "GRO" },
};

static gboolean
fail_setup(GError **error, const char *what)
{
	return error_set(
	    error, NETWORK_ERROR, NETWORK_ERROR_SETUP,
	    _("the private network was made, but its loopback interface cannot be set up: %s: %s"),
	    what, g_strerror(errno));
}

static int
lo_ioctl(int fd, unsigned long request, struct ifreq *ifr)
{
	g_strlcpy(ifr->ifr_name, "lo", sizeof(ifr->ifr_name));
	return ioctl(fd, request, ifr);
}

static int
lo_ethtool(int fd, void *command)
{
	struct ifreq ifr = { .ifr_data = command };

	return lo_ioctl(fd, SIOCETHTOOL, &ifr);
}

/* The feature's number differs between kernels. Not an error where it cannot be turned off: older
 * kernels do not have the feature. */
static void
turn_off_feature(int fd, const char *name)
{
	g_autofree struct ethtool_sset_info *info =
	    g_malloc0(sizeof(*info) + sizeof(info->data[0]));
	g_autofree struct ethtool_gstrings *names =
	    g_malloc0(sizeof(*names) + (gsize)MAX_FEATURES * ETH_GSTRING_LEN);

	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = 1 << ETH_SS_FEATURES;
	if (lo_ethtool(fd, info) < 0 || !info->sset_mask)
		return;
	guint32 n = MIN(info->data[0], MAX_FEATURES), feature = 0;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = n;
	if (lo_ethtool(fd, names) < 0)
		return;
	while (feature < n &&
	       strncmp((char *)names->data + feature * ETH_GSTRING_LEN, name, ETH_GSTRING_LEN) != 0)
		feature++;
	if (feature == n)
		return;
	guint32 blocks = (n + 31) / 32;
	g_autofree struct ethtool_sfeatures *set =
	    g_malloc0(sizeof(*set) + blocks * sizeof(set->features[0]));
	set->cmd = ETHTOOL_SFEATURES;
	set->size = blocks;
	set->features[feature / 32].valid = 1u << (feature % 32);
	lo_ethtool(fd, set);
}

static gboolean own_users; /* see network_has_own_users() */

gboolean
network_has_own_users(void)
{
	return own_users;
}

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

/* Has connections over lo, of both IP versions, use one congestion control on every machine: cubic,
 * or reno where there is none. Where the kernel takes no routes from us, they keep the machine's.
 */
static void
routes_set(void)
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

/* With MTU 1500, segmentation and receive offloads off, up, with 127.0.0.1 and ::1. */
gboolean
network_enter_private(GError **error)
{
	struct ifreq ifr = { .ifr_mtu = MTU };
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNET) != 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
			return fail_namespace(error, "unshare()", errno);
		if (!map_user(uid, gid, error))
			return FALSE;
		own_users = TRUE;
	}
	g_auto(Fd) fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail_setup(error, "socket()");
	if (lo_ioctl(fd, SIOCSIFMTU, &ifr) < 0)
		return fail_setup(error, "MTU 1500");
	for (gsize i = 0; i < G_N_ELEMENTS(offloads); i++) {
		struct ethtool_value off = { .cmd = offloads[i].command, .data = 0 };

		if (lo_ethtool(fd, &off) < 0)
			return fail_setup(error, offloads[i].name);
	}
	turn_off_feature(fd, "tx-udp-segmentation");
	/* a machine's settings can leave new interfaces without IPv6 */
	write_file("/proc/sys/net/ipv6/conf/lo/disable_ipv6", "0");
	/* for the servers that ask for it, as for their clients: TCP_FASTOPEN, RFC 7413 */
	write_file("/proc/sys/net/ipv4/tcp_fastopen", "3");
	if (lo_ioctl(fd, SIOCGIFFLAGS, &ifr) < 0)
		return fail_setup(error, "flags");
	ifr.ifr_flags |= IFF_UP;
	if (lo_ioctl(fd, SIOCSIFFLAGS, &ifr) < 0)
		return fail_setup(error, "up");
	routes_set();
	/* Capabilities are dropped before a program of the user's starts, and it may want port 80.
	 * In a container /proc/sys can be read-only: only low ports are lost then. */
	write_file("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	return TRUE;
}

void
network_set_client_ports(guint first, guint n)
{
	g_autofree char *range = g_strdup_printf("%u %u", first, first + n - 1);

	write_file("/proc/sys/net/ipv4/ip_local_port_range", range);
}

static gboolean
fail_fork(GError **error, const char *call)
{
	return error_set(error, NETWORK_ERROR, NETWORK_ERROR_SETUP,
			 _("cannot start a trial process: %s: %s"), call, g_strerror(errno));
}

gboolean
network_probe(gboolean inside, NetworkStep *step, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char buffer[512];
	gssize n;
	g_auto(FdPair) said = FD_PAIR_NONE;

	if (pipe2(said.end, O_CLOEXEC) < 0)
		return fail_fork(error, "pipe()");
	pid_t child = fork();
	if (child == 0) {
		/* The child tries, and says how it went as "ok" or "domain\ncode\nmessage". */
		g_autoptr(GError) tried = NULL;
		fd_clear(&said.end[0]);
		signal(SIGALRM, SIG_DFL);
		signal(SIGPIPE, SIG_IGN);
		alarm(PROBE_SECONDS);
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		if ((!inside || network_enter_private(&tried)) && (!step || step(&tried)))
			g_string_assign(text, "ok");
		else
			g_string_printf(text, "%s\n%d\n%s", g_quark_to_string(tried->domain),
					tried->code, tried->message);
		bytes_write(said.end[1], text->str, text->len);
		_exit(0);
	}
	if (child < 0)
		return fail_fork(error, "fork()");
	fd_clear(&said.end[1]);
	while ((n = TEMP_FAILURE_RETRY(read(said.end[0], buffer, sizeof(buffer)))) > 0)
		g_string_append_len(text, buffer, n);
	TEMP_FAILURE_RETRY(waitpid(child, NULL, 0));
	if (g_str_equal(text->str, "ok"))
		return TRUE;
	g_auto(GStrv) parts = g_strsplit(text->str, "\n", 3);
	if (g_strv_length(parts) == 3)
		return error_set(error, g_quark_from_string(parts[0]), atoi(parts[1]), "%s",
				 parts[2]);
	return error_set(error, NETWORK_ERROR, NETWORK_ERROR_SETUP,
			 _("the trial run was killed, or did not answer within %d seconds"),
			 PROBE_SECONDS);
}

/* SPDX-License-Identifier: MIT */
/* The private network, for real: each case runs in a child, as root and as an
 * ordinary user. Started as an ordinary user, the cases that need root are
 * skipped, and say so. */
#include "children.h"
#include "pktladder/network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- what is inside ---- */

static guint32
ethtool_get(guint32 command)
{
	struct ethtool_value value = { .cmd = command };
	struct ifreq ifr = { .ifr_name = "lo", .ifr_data = (void *)&value };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	g_assert_cmpint(ioctl(fd, SIOCETHTOOL, &ifr), ==, 0);
	close(fd);
	return value.data;
}

static void
body_settings(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	enter();
	g_assert_cmpuint(getuid(), ==, uid);
	g_assert_cmpuint(geteuid(), ==, uid);
	g_assert_cmpuint(getegid(), ==, gid);

	struct if_nameindex *names = if_nameindex();
	g_assert_cmpstr(names[0].if_name, ==, "lo");
	g_assert_null(names[1].if_name);
	if_freenameindex(names);

	struct ifreq ifr = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	g_assert_cmpint(ioctl(fd, SIOCGIFMTU, &ifr), ==, 0);
	g_assert_cmpint(ifr.ifr_mtu, ==, 1500);
	g_assert_cmpint(ioctl(fd, SIOCGIFFLAGS, &ifr), ==, 0);
	g_assert_true(ifr.ifr_flags & IFF_UP);
	close(fd);
	g_assert_cmpuint(ethtool_get(ETHTOOL_GTSO), ==, 0);
	g_assert_cmpuint(ethtool_get(ETHTOOL_GGSO), ==, 0);
	g_assert_cmpuint(ethtool_get(ETHTOOL_GGRO), ==, 0);
}

static void
test_settings(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_settings);
}

static void
body_addresses(void)
{
	struct ifaddrs *all, *one;
	gboolean v4 = FALSE, v6 = FALSE;

	enter();
	g_assert_cmpint(getifaddrs(&all), ==, 0);
	for (one = all; one; one = one->ifa_next) {
		if (one->ifa_addr && one->ifa_addr->sa_family == AF_INET)
			v4 |= ((struct sockaddr_in *)one->ifa_addr)->sin_addr.s_addr ==
			      htonl(INADDR_LOOPBACK);
		if (one->ifa_addr && one->ifa_addr->sa_family == AF_INET6)
			v6 |= IN6_IS_ADDR_LOOPBACK(
			    &((struct sockaddr_in6 *)one->ifa_addr)->sin6_addr);
	}
	freeifaddrs(all);
	g_assert_true(v4);
	g_assert_true(v6 == g_file_test("/proc/sys/net/ipv6", G_FILE_TEST_EXISTS));
}

static void
test_addresses(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_addresses);
}

static struct sockaddr_in
loopback_address(guint16 port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr = { htonl(INADDR_LOOPBACK) } };
}

static void
body_port_80(void)
{
	g_autoptr(GError) error = NULL;
	struct sockaddr_in address = loopback_address(80);

	enter();
	privileges_drop(FALSE, &error);
	g_assert_no_error(error);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof(address)), ==, 0);
	close(fd);
}

static void
test_port_80(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_port_80);
}

/* Two connected sockets: [0] the client's, [1] the server's. */
static void
connect_tcp(int fds[2])
{
	struct sockaddr_in address = loopback_address(7000);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	g_assert_cmpint(bind(listener, (struct sockaddr *)&address, sizeof(address)), ==, 0);
	g_assert_cmpint(listen(listener, 1), ==, 0);
	fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	g_assert_cmpint(connect(fds[0], (struct sockaddr *)&address, sizeof(address)), ==, 0);
	fds[1] = accept(listener, NULL, NULL);
	g_assert_cmpint(fds[1], >=, 0);
	close(listener);
}

/* The congestion control of both ends of a connection over `family`. */
static void
assert_control(int family, const char *expected)
{
	struct sockaddr_in v4 = loopback_address(7001);
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
				   .sin6_port = htons(7001),
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr *address = family == AF_INET ? (void *)&v4 : (void *)&v6;
	socklen_t size = family == AF_INET ? sizeof(v4) : sizeof(v6);
	int listener = socket(family, SOCK_STREAM, 0), ends[2] = { socket(family, SOCK_STREAM, 0) };

	g_assert_cmpint(bind(listener, address, size), ==, 0);
	g_assert_cmpint(listen(listener, 1), ==, 0);
	g_assert_cmpint(connect(ends[0], address, size), ==, 0);
	ends[1] = accept(listener, NULL, NULL);
	close(listener);
	for (guint i = 0; i < 2; i++) {
		char control[16] = "";

		size = sizeof(control);
		g_assert_cmpint(getsockopt(ends[i], IPPROTO_TCP, TCP_CONGESTION, control, &size),
				==, 0);
		g_assert_cmpstr(control, ==, expected);
		close(ends[i]);
	}
}

/* Whatever the machine's default is: here it is reno, which every kernel has. */
static void
body_congestion_control(void)
{
	const char *path = "/proc/sys/net/ipv4/tcp_congestion_control";
	g_autofree char *there = NULL;

	enter();
	g_assert_true(g_file_get_contents("/proc/sys/net/ipv4/tcp_available_congestion_control",
					  &there, NULL, NULL));
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	g_assert_cmpint(write(fd, "reno", 4), ==, 4);
	close(fd);
	assert_control(AF_INET, strstr(there, "cubic") ? "cubic" : "reno");
	if (g_file_test("/proc/sys/net/ipv6", G_FILE_TEST_EXISTS))
		assert_control(AF_INET6, strstr(there, "cubic") ? "cubic" : "reno");
}

static void
test_congestion_control(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_congestion_control);
}

static int
open_sniffer(void)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));

	g_assert_cmpint(fd, >=, 0);
	return fd;
}

/* Counts the incoming packets with payload, and holds each to the MTU. */
static guint
count_payloads(int sniffer, guint header_length, gsize *bytes)
{
	guint8 packet[70000];
	struct sockaddr_ll from;
	socklen_t length = sizeof(from);
	struct pollfd wait = { .fd = sniffer, .events = POLLIN };
	guint n_packets = 0;

	*bytes = 0;
	while (poll(&wait, 1, 100) > 0) {
		gssize n =
		    recvfrom(sniffer, packet, sizeof(packet), 0, (struct sockaddr *)&from, &length);
		g_assert_cmpint(n, >, 0);
		if (from.sll_pkttype == PACKET_OUTGOING)
			continue;
		g_assert_cmpint(n, <=, 1500);
		if ((gsize)n > header_length) {
			*bytes += n - header_length;
			n_packets++;
		}
	}
	return n_packets;
}

/* IP (tos 0x0, proto TCP (6), length 1500): 20 of IPv4, 20 of TCP, 12 of timestamps */
static void
body_tcp_segments(void)
{
	static const char text[6000];
	int fds[2];
	gsize bytes;

	enter();
	connect_tcp(fds);
	int sniffer = open_sniffer();
	g_assert_cmpint(send(fds[0], text, sizeof(text), 0), ==, sizeof(text));
	guint n_segments = count_payloads(sniffer, 52, &bytes);
	g_assert_cmpuint(bytes, ==, sizeof(text));
	g_assert_cmpuint(n_segments, ==, 5); /* 4 x 1448 + 208 */
}

static void
test_tcp_segments(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_tcp_segments);
}

/* UDP_SEGMENT: one send of six datagrams; QUIC programs do it. 28: IPv4 and UDP */
static void
body_udp_segments(void)
{
	static const char text[6000];
	struct sockaddr_in address = loopback_address(7001);
	int size = 1000;
	gsize bytes;

	enter();
	int receiver = socket(AF_INET, SOCK_DGRAM, 0);
	g_assert_cmpint(bind(receiver, (struct sockaddr *)&address, sizeof(address)), ==, 0);
	int sender = socket(AF_INET, SOCK_DGRAM, 0);
	g_assert_cmpint(setsockopt(sender, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)), ==, 0);
	int sniffer = open_sniffer();
	g_assert_cmpint(
	    sendto(sender, text, sizeof(text), 0, (struct sockaddr *)&address, sizeof(address)), ==,
	    sizeof(text));
	g_assert_cmpuint(count_payloads(sniffer, 28, &bytes), ==, 6);
	g_assert_cmpuint(bytes, ==, sizeof(text));
}

static void
test_udp_segments(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_udp_segments);
}

/* A file written inside is the user's own outside. */
static void
body_files(void)
{
	g_autofree char *path = NULL;
	struct stat outside;
	uid_t uid = geteuid();

	enter();
	int fd = g_file_open_tmp("pktladder-XXXXXX", &path, NULL);
	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(fstat(fd, &outside), ==, 0);
	g_assert_cmpuint(outside.st_uid, ==, uid);
	close(fd);
	g_unlink(path);
}

static void
test_files(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_files);
}

static char *closed_folder;

/* sudo pktladder demo -w ~/file: root writes where only the user may. */
static void
body_closed_folder(void)
{
	g_autofree char *path = g_build_filename(closed_folder, "recording", NULL);

	enter();
	g_assert_true(g_file_set_contents(path, "x", 1, NULL));
	g_unlink(path);
}

static void
test_closed_folder(void)
{
	if (!is_namespace_possible(ROOT))
		return;
	closed_folder = g_dir_make_tmp("pktladder-XXXXXX", NULL);
	g_assert_cmpint(chown(closed_folder, ordinary_uid, ordinary_gid), ==, 0);
	in_child(ROOT, body_closed_folder);
	g_rmdir(closed_folder);
	g_clear_pointer(&closed_folder, g_free);
}

/* ---- trying it in a child ---- */

static guint64
namespace_of_this_process(void)
{
	struct stat found;

	g_assert_cmpint(stat("/proc/self/ns/net", &found), ==, 0);
	return found.st_ino;
}

static guint64 before;

static gboolean
step_is_elsewhere(GError **error)
{
	if (namespace_of_this_process() != before)
		return TRUE;
	g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_SETUP, "still outside");
	return FALSE;
}

static void
body_probe(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) outside_error = NULL;

	before = namespace_of_this_process();
	g_assert_true(network_probe(TRUE, NULL, &error));
	g_assert_no_error(error);
	g_assert_true(network_probe(TRUE, step_is_elsewhere, &error));
	g_assert_no_error(error);
	g_assert_false(network_probe(FALSE, step_is_elsewhere, &outside_error));
	g_assert_error(outside_error, NETWORK_ERROR, NETWORK_ERROR_SETUP);
	g_assert_cmpuint(namespace_of_this_process(), ==, before);
}

static void
test_probe(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_probe);
}

static const char two_lines[] = "two\nlines, 100 %s";

static gboolean
step_fails(GError **error)
{
	g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, two_lines);
	return FALSE;
}

static void
test_probe_error(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(network_probe(FALSE, step_fails, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
	g_assert_cmpstr(error->message, ==, two_lines);
}

static gboolean
step_dies(GError **error G_GNUC_UNUSED)
{
	raise(SIGKILL);
	return TRUE;
}

static void
test_probe_death(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(network_probe(FALSE, step_dies, &error));
	g_assert_error(error, NETWORK_ERROR, NETWORK_ERROR_SETUP);
}

/* ---- machines that forbid it ---- */

static void
assert_forbidden(const char *cause)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(network_probe(TRUE, NULL, &error));
	g_assert_error(error, NETWORK_ERROR, NETWORK_ERROR_NO_NAMESPACE);
	g_assert_nonnull(strstr(error->message, cause));
}

/* The limit can be set for a user namespace of one's own, and holds for what is
 * made in it. As root it would be the limit of this whole machine. */
static void
body_forbid_by_limit(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(geteuid(), !=, 0);
	enter();
	int fd = open("/proc/sys/user/max_user_namespaces", O_WRONLY);
	g_assert_cmpint(write(fd, "0", 1), ==, 1);
	close(fd);
	/* a network namespace alone: we may do that here */
	g_assert_true(network_probe(TRUE, NULL, &error));
	g_assert_no_error(error);
	g_assert_true(privileges_drop(FALSE, &error));
	assert_forbidden("sysctl -w user.max_user_namespaces");
}

static void
test_forbidden_by_limit(void)
{
	if (geteuid() == 0 && ordinary_uid == 0)
		g_test_skip("NOT TESTED: this case needs an ordinary user");
	else
		run_inside(ORDINARY, body_forbid_by_limit);
}

/* As a container's: unshare() gives EPERM, everything else is allowed. */
static void
body_forbid_by_seccomp(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { G_N_ELEMENTS(code), code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	g_assert_cmpint(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), ==, 0);
	assert_forbidden("seccomp");
}

static void
test_forbidden_by_seccomp(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_forbid_by_seccomp);
}

int
main(int argc, char **argv)
{
	children_init();
	g_test_init(&argc, &argv, NULL);
	add_for_both("/network/inside/settings", test_settings);
	add_for_both("/network/inside/addresses", test_addresses);
	add_for_both("/network/inside/port-80", test_port_80);
	add_for_both("/network/inside/congestion-control", test_congestion_control);
	add_for_both("/network/inside/tcp-segments", test_tcp_segments);
	add_for_both("/network/inside/udp-segments", test_udp_segments);
	add_for_both("/network/inside/files", test_files);
	g_test_add_func("/network/inside/closed-folder/root", test_closed_folder);
	add_for_both("/network/probe/stays-outside", test_probe);
	g_test_add_func("/network/probe/error", test_probe_error);
	g_test_add_func("/network/probe/death", test_probe_death);
	g_test_add_func("/network/forbidden/by-limit", test_forbidden_by_limit);
	add_for_both("/network/forbidden/by-seccomp", test_forbidden_by_seccomp);
	return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Live captures, on the loopback of a network of the test's own. */
#include "capture/capture_internal.h"
#include "../packets.h"
#include "pktladder/confine.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 39917 };

enum { COUNT_US = 150 * 1000 }; /* losses are asked for more often */

static int control; /* a socket to ask for things about interfaces */

static gboolean
write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	gboolean ok = fd >= 0 && write(fd, text, strlen(text)) == (gssize)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Programs that this process starts may change the namespace, too. */
static void
pass_rights_on(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	g_assert_cmpint(syscall(SYS_capget, &header, data), ==, 0);
	data[0].inheritable = data[0].permitted;
	g_assert_cmpint(syscall(SYS_capset, &header, data), ==, 0);
	g_assert_cmpint(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0), ==, 0);
}

/* As root a network namespace alone, so that the test can still give up root. */
static gboolean
enter_network(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	g_autofree char *map = g_strdup_printf("%d %d 1\n", getuid(), getuid());

	if (unshare(CLONE_NEWNET) != 0 &&
	    (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 || !write_text("/proc/self/uid_map", map)))
		return FALSE;
	pass_rights_on();
	control = socket(AF_INET, SOCK_DGRAM, 0);
	if (ioctl(control, SIOCGIFFLAGS, &request) != 0)
		return FALSE;
	request.ifr_flags |= IFF_UP;
	return ioctl(control, SIOCSIFFLAGS, &request) == 0;
}

/* lo as it is on a host, or as the private network has it. */
static void
set_small_packets(gboolean small)
{
	const guint32 commands[] = { ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO };
	struct ifreq request = { .ifr_name = "lo" };

	request.ifr_mtu = small ? 1500 : 65536;
	g_assert_cmpint(ioctl(control, SIOCSIFMTU, &request), ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		struct ethtool_value value = { .cmd = commands[i], .data = !small };
		request.ifr_data = (char *)&value;
		g_assert_cmpint(ioctl(control, SIOCETHTOOL, &request), ==, 0);
	}
}

static struct sockaddr_in
address(void)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(PORT),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void
send_datagram(int fd, const void *bytes, gsize n)
{
	struct sockaddr_in to = address();

	g_assert_cmpint(sendto(fd, bytes, n, 0, (struct sockaddr *)&to, sizeof(to)), ==, n);
}

/* Somebody must listen, else there are ICMP errors too. */
static int
open_datagram_sink(void)
{
	struct sockaddr_in to = address();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(bind(fd, (struct sockaddr *)&to, sizeof(to)), ==, 0);
	return fd;
}

static gint64
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * G_GINT64_CONSTANT(1000000000) + now.tv_nsec;
}

static Capture *
open_live(const char *interface, const char *filter)
{
	g_autoptr(GError) error = NULL;
	Capture *capture = capture_open_live(interface, filter, &error);

	g_assert_no_error(error);
	g_assert_true(capture_is_live(capture));
	return capture;
}

/* Waits at most 2 s. */
static void
next_within(Capture *capture, CaptureItem *item)
{
	gint64 deadline = g_get_monotonic_time() + 2 * G_USEC_PER_SEC;

	do {
		capture_next(capture, item);
		if (item->kind != CAPTURE_NOTHING)
			return;
		poll(&(struct pollfd){ .fd = capture_fd(capture), .events = POLLIN }, 1, 50);
	} while (g_get_monotonic_time() < deadline);
}

static void
check_datagrams(const char *interface, guint16 link_type)
{
	g_autoptr(Capture) capture = open_live(interface, "udp port 39917");
	int sink = open_datagram_sink(), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CaptureItem item;

	capture_next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_NOTHING);
	for (guint i = 0; i < 50; i++) {
		guint8 bytes[1000];
		memset(bytes, (int)i, sizeof(bytes));
		gint64 before = now_ns();
		send_datagram(fd, bytes, 20 * i);
		gint64 after = now_ns();
		next_within(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
		g_assert_cmpint(item.packet.time_ns, >=, before);
		g_assert_cmpint(item.packet.time_ns, <=, after);
		g_assert_cmpuint(item.packet.link_type, ==, link_type);
		g_assert_cmpuint(item.packet.captured, ==, item.packet.length);
		g_assert_cmpuint(item.packet.captured, >=, 20 * i + 28);
		g_assert_cmpmem(item.packet.data + item.packet.captured - 20 * i, 20 * i, bytes,
				20 * i);
	}
	g_usleep(COUNT_US);
	capture_next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_NOTHING); /* no losses either */
	close(fd);
	close(sink);
}

static void
test_datagrams(void)
{
	check_datagrams("lo", 1);
}

static void
test_any(void)
{
	check_datagrams("any", 276);
}

/* In the private network no packet is later than the call that sent it. */
static void
test_immediate(void)
{
	int sink = open_datagram_sink(), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CaptureItem item;

	set_small_packets(TRUE);
	g_autoptr(Capture) capture = open_live("lo", "udp port 39917");
	g_assert_cmpint(capture_delay_ms(capture), ==, 0);
	for (guint i = 0; i < 1000; i++) {
		send_datagram(fd, "x", 1);
		capture_next(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
	}
	set_small_packets(FALSE);
	g_autoptr(Capture) host = open_live("lo", NULL);
	g_assert_cmpint(capture_delay_ms(host), >, 0);
	close(fd);
	close(sink);
}

/* On any lo a burst that comes while nobody reads is not lost. */
static void
test_burst(void)
{
	enum { N = 4000 };
	int sink = open_datagram_sink(), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CaptureItem item;

	for (guint small = 0; small < 2; small++) {
		set_small_packets(small);
		g_autoptr(Capture) capture = open_live("lo", "udp port 39917");
		for (guint i = 0; i < N; i++)
			send_datagram(fd, &i, sizeof(i));
		for (guint i = 0; i < N; i++) {
			next_within(capture, &item);
			g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
			g_assert_cmpmem(item.packet.data + 42, sizeof(i), &i, sizeof(i));
		}
		g_usleep(COUNT_US);
		capture_next(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_NOTHING);
	}
	set_small_packets(FALSE);
	close(fd);
	close(sink);
}

/* A ring that is too small: what is lost is counted, and told in its place. */
static void
test_drops(void)
{
	enum { N = 3000 };
	const LiveOptions options = { .buffer_size = 512 * 1024, .immediate = TRUE };
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = live_open("lo", "udp port 39917", &options, &error);
	int sink = open_datagram_sink(), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	guint64 packets = 0, dropped = 0;
	gint64 time_ns = 0;
	CaptureItem item;

	g_assert_no_error(error);
	for (guint i = 0; i < N; i++)
		send_datagram(fd, &i, sizeof(i));
	g_usleep(COUNT_US);
	for (capture_next(capture, &item); item.kind != CAPTURE_NOTHING;
	     capture_next(capture, &item)) {
		if (item.kind == CAPTURE_PACKET) {
			packets++;
			time_ns = item.packet.time_ns;
		} else {
			g_assert_cmpint(item.kind, ==, CAPTURE_DROPS);
			g_assert_cmpuint(item.dropped, >, 0);
			g_assert_cmpint(item.time_ns, >, 0);
			dropped += item.dropped;
		}
	}
	g_assert_cmpuint(packets, >, 0);
	g_assert_cmpuint(packets, <, N);
	g_assert_cmpint(time_ns, >, 0);
	/* the kernel counts each packet of lo twice: leaving, and arriving */
	g_assert_cmpuint(packets + dropped, >=, N);
	g_assert_cmpuint(dropped, >, 0);

	/* without being asked: within the interval */
	for (guint i = 0; i < N; i++)
		send_datagram(fd, &i, sizeof(i));
	g_usleep(COUNT_US);
	capture_next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_DROPS);
	g_assert_cmpint(item.time_ns, ==, time_ns);
	close(fd);
	close(sink);
}

/* A connection, by a filter that is set later. */
static void
test_stream(void)
{
	struct sockaddr_in at = address();
	g_autoptr(Capture) capture = open_live("lo", "udp port 1");
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CaptureItem item;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	g_assert_cmpint(bind(listener, (struct sockaddr *)&at, sizeof(at)), ==, 0);
	g_assert_cmpint(listen(listener, 1), ==, 0);
	g_assert_true(capture_set_filter(capture, "tcp port 39917", NULL));
	g_assert_cmpint(connect(client, (struct sockaddr *)&at, sizeof(at)), ==, 0);
	/* Ethernet 14, IPv4 20, TCP: flags at 13: [S], [S.], [.] */
	const guint8 flags[] = { 0x02, 0x12, 0x10 };
	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
		next_within(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
		g_assert_cmpuint(item.packet.captured, >, 14 + 20 + 13);
		g_assert_cmphex(item.packet.data[14 + 20 + 13], ==, flags[i]);
	}
	close(client);
	close(listener);
}

static gboolean
maps_a_socket(void)
{
	g_autofree char *maps = NULL;

	g_assert_true(g_file_get_contents("/proc/self/maps", &maps, NULL, NULL));
	return strstr(maps, " socket:[") != NULL;
}

/* A child that was forked has no part in the ring, and we lose nothing by it. */
static void
test_child(void)
{
	g_autoptr(Capture) capture = open_live("lo", "udp port 39917");
	int sink = open_datagram_sink(), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), status;
	CaptureItem item;

	g_assert_true(maps_a_socket());
	pid_t child = fork();
	if (child == 0)
		_exit(maps_a_socket());
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_cmpint(status, ==, 0);
	send_datagram(fd, "x", 1);
	next_within(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
	g_assert_true(fcntl(capture_fd(capture), F_GETFD) & FD_CLOEXEC);
	close(fd);
	close(sink);
}

/* Whoever has the socket has what it was opened for, and no more. */
static void
test_lock(void)
{
	struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, G_MAXUINT32) };
	struct sock_fprog program = { G_N_ELEMENTS(all), all };
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = open_live("lo", "udp port 39917");
	int sink = open_datagram_sink(), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CaptureItem item;

	g_assert_true(capture_set_filter(capture, "udp", NULL));
	g_assert_true(capture_lock_filter(capture));
	g_assert_cmpint(setsockopt(capture_fd(capture), SOL_SOCKET, SO_ATTACH_FILTER, &program,
				   sizeof(program)),
			==, -1);
	g_assert_cmpint(errno, ==, EPERM);
	send_datagram(fd, "x", 1);
	next_within(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
	g_assert_false(capture_set_filter(capture, "tcp", &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FILTER);
	close(fd);
	close(sink);
}

/* An Ethernet header of lo, then a datagram to PORT, without checksums; see frame_make(). */
static guint8 frame[14 + 29] = { [12] = 0x08, [13] = 0x00 };

static void
frame_make(void)
{
	Made made;
	Packet packet = packet_said(&made, 0, "1 > %u udp len 1", PORT);

	g_assert_cmpuint(packet.captured, ==, sizeof(frame) - 14);
	memcpy(frame + 14, packet.data, packet.captured);
}

static long
try_write_high(int fd)
{
	return syscall(SYS_write, (guint64)fd | G_GUINT64_CONSTANT(1) << 32, frame, sizeof(frame));
}

static long
try_splice(int fd)
{
	int ends[2];

	g_assert_cmpint(pipe(ends), ==, 0);
	g_assert_cmpint(write(ends[1], frame, sizeof(frame)), ==, sizeof(frame));
	return splice(ends[0], NULL, fd, NULL, sizeof(frame), 0);
}

static long
try_sendfile(int fd)
{
	int file = memfd_create("frame", MFD_CLOEXEC);

	g_assert_cmpint(write(file, frame, sizeof(frame)), ==, sizeof(frame));
	return sendfile(fd, file, &(off_t){ 0 }, sizeof(frame));
}

static long
try_bind(int fd)
{
	const struct sockaddr_ll any = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP) };

	return bind(fd, (const struct sockaddr *)&any, sizeof(any));
}

/* Each way to send over it, to bind it to another interface, or to come by a copy. */
static long
try_to_send(int fd, guint way)
{
	struct iovec bytes = { .iov_base = (void *)frame, .iov_len = sizeof(frame) };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &bytes, .msg_iovlen = 1 } };

	switch (way) {
	case 0:
		return write(fd, frame, sizeof(frame));
	case 1:
		return writev(fd, &bytes, 1);
	case 2:
		return pwritev2(fd, &bytes, 1, -1, 0);
	case 3:
		return send(fd, frame, sizeof(frame), 0);
	case 4:
		return sendmsg(fd, &message.msg_hdr, 0);
	case 5:
		return sendmmsg(fd, &message, 1, 0);
	case 6:
		return try_sendfile(fd);
	case 7:
		return try_splice(fd);
	case 8:
		return try_write_high(fd);
	case 9:
		return try_bind(fd);
	case 10:
		return dup(fd);
	case 11:
		return dup2(fd, 100);
	case 12:
		return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	case 13:
		return syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, getpid(), 0), fd, 0);
	default:
		return -2;
	}
}

enum { WAYS = 14, FRAMES = 9 /* of them, those that send one */ };

static void
count_packets(Capture *capture, guint wanted)
{
	CaptureItem item;

	for (guint i = 0; i < wanted; i++) {
		next_within(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
	}
	g_usleep(20000);
	capture_next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_NOTHING);
}

/* In a child: what was possible before is not any more, and the capture goes on. */
static void
send_and_not_send(void)
{
	g_autoptr(Capture) capture = open_live("lo", "udp port 39917");
	int packets = capture_fd(capture), sink = open_datagram_sink();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (guint way = 0; way < WAYS; way++) {
		g_test_message("before, %u", way);
		g_assert_cmpint(try_to_send(packets, way), >=, 0);
	}
	count_packets(capture, FRAMES);
	g_assert_true(confine_to_reading(packets));
	for (guint way = 0; way < WAYS; way++) {
		g_test_message("after, %u", way);
		g_assert_cmpint(try_to_send(packets, way), ==, -1);
		g_assert_cmpint(errno, ==, EPERM);
	}
	send_datagram(fd, "x", 1);
	count_packets(capture, 1);
	/* the number stands for nothing else later */
	g_clear_pointer(&capture, capture_free);
	int next = dup(sink);
	g_assert_cmpint(next, <, packets);
	g_assert_cmpint(next, <, 100);
	close(fd);
	close(sink);
}

static void
test_send(void)
{
	int status;

	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &(guint32){ SECCOMP_RET_ERRNO }) !=
	    0) {
		g_test_skip("NOT TESTED: this kernel, or a sandbox, has no seccomp");
		return;
	}
	pid_t child = fork();
	if (child == 0) {
		send_and_not_send();
		_exit(0);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_cmpint(status, ==, 0);
}

static gboolean
run_ip(const char *arguments)
{
	g_autofree char *line = g_strconcat("ip ", arguments, NULL);
	int status;

	return g_spawn_command_line_sync(line, NULL, NULL, &status, NULL) && status == 0;
}

static void
check_goes_away(const char *arguments, const char *words)
{
	CaptureItem item;

	if (!run_ip("link add test0 type dummy") && !run_ip("link add test0 type ifb") &&
	    !run_ip("link add test0 type veth") && !run_ip("tuntap add test0 mode tun")) {
		g_test_skip("no interface can be made here (ip link add)");
		return;
	}
	g_assert_true(run_ip("link set test0 up"));
	g_autoptr(Capture) capture = open_live("test0", "udp port 1");
	capture_next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_NOTHING);
	g_assert_true(run_ip(arguments));
	next_within(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_END);
	g_assert_nonnull(strstr(item.note, "test0"));
	g_assert_nonnull(strstr(item.note, words));
	capture_next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_END);
	run_ip("link del test0");
}

static void
test_goes_down(void)
{
	check_goes_away("link set test0 down", "went down");
}

static void
test_is_removed(void)
{
	check_goes_away("link del test0", "is gone");
}

static void
test_errors(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(capture_probe("nosuch0", &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_INTERFACE);
	g_assert_nonnull(strstr(error->message, "nosuch0"));
	g_assert_nonnull(strstr(error->message, "lo"));
	g_clear_error(&error);
	g_assert_false(capture_probe("", &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_INTERFACE);
	g_clear_error(&error);
	g_assert_null(capture_open_live("lo", "tcp prot 80", &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FILTER);
	g_assert_nonnull(strstr(error->message, "tcp port 80"));
	g_clear_error(&error);
	g_assert_true(capture_probe("lo", &error));
	g_assert_no_error(error);
}

/* What a process without rights is told. */
static int
try_without_rights(gboolean change_user)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };
	g_autoptr(GError) error = NULL;

	if (change_user && setuid(65534) != 0)
		return 5;
	if (syscall(SYS_capset, &header, none) != 0 || capture_probe("lo", &error))
		return 1;
	if (!g_error_matches(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_PERMISSION))
		return 2;
	const char *words = geteuid() == 0 ? "CAP_NET_RAW" : "sudo setcap cap_net_raw+ep '/";
	if (!strstr(error->message, words))
		return 3;
	g_clear_error(&error);
	capture_probe("nosuch0", &error);
	return g_error_matches(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_INTERFACE) ? 0 : 4;
}

static void
test_no_permission(void)
{
	for (guint change_user = 0; change_user < (geteuid() == 0 ? 2 : 1); change_user++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			_exit(try_without_rights(change_user));
		g_assert_cmpint(waitpid(child, &status, 0), ==, child);
		g_assert_true(WIFEXITED(status));
		g_assert_cmpint(WEXITSTATUS(status), ==, 0);
	}
}

static void
test_interfaces(void)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lines = capture_interfaces(&error);
	gboolean found = FALSE;

	g_assert_no_error(error);
	for (char **line = lines; *line; line++) {
		g_assert_nonnull(strchr(*line, '\t'));
		found |= strcmp(*line, "lo\tLoopback, up, 127.0.0.1, ::1") == 0 ||
			 strcmp(*line, "lo\tLoopback, up, 127.0.0.1") == 0;
	}
	g_assert_true(found);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(void);
	} tests[] = {
		{ "datagrams", test_datagrams },
		{ "any", test_any },
		{ "immediate", test_immediate },
		{ "burst", test_burst },
		{ "drops", test_drops },
		{ "stream", test_stream },
		{ "child", test_child },
		{ "lock", test_lock },
		{ "send", test_send },
		{ "goes-down", test_goes_down },
		{ "is-removed", test_is_removed },
		{ "errors", test_errors },
		{ "no-permission", test_no_permission },
		{ "interfaces", test_interfaces },
	};

	if (!enter_network()) {
		g_printerr("SKIPPED: this machine allows no network namespace, so nothing live "
			   "was tested\n");
		return 77;
	}
	g_test_init(&argc, &argv, NULL);
	frame_make();
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/capture-live/", tests[i].name, NULL);
		g_test_add_func(path, tests[i].test);
	}
	return g_test_run();
}

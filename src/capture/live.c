/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * The kernel puts packets into a ring that libpcap maps. In immediate mode each packet has a slot
 * of its own, as big as the largest packet that libpcap thinks possible: with segmentation offload
 * (or on `any`) 262144 bytes, so that 16 MiB hold only 64 packets, and a burst is lost. Without
 * immediate mode packets are packed tightly (tens of thousands in the same ring), but wake the
 * reader only when a part of the ring is full or its timer runs out. So immediate mode is used
 * where slots are small, as in the private network (MTU 1500, no offloads), and a timer of 1 ms
 * elsewhere.
 *
 * The kernel counts losses but does not say where in the ring they were. They are asked for every
 * 100 ms, and told with the time of the newest packet.
 *
 * Whoever has the socket can capture elsewhere with it, and send what he likes. So it is closed at
 * exec(), which libpcap leaves open. Children that are forked close what is not meant for them, but
 * the ring would keep the socket alive: it is not passed on either. That nothing is sent over it
 * must be forbidden by its number (confine_to_reading()), which then is good for nothing else, also
 * when the socket is closed: so it is a high one, that nobody else comes to have.
 */
#include "capture_internal.h"
#include "pktladder/fd.h"
#include "pktladder/complain.h"
#include "pktladder/timestamp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	RING_BYTES = 16 * 1024 * 1024,
	SMALL_MTU = 4096,
	TIMER_MS = 1,
	SOCKET_FD = 256, /* more than we and our children ever have open */
	/* the timer counts in ticks of the kernel's clock: two of the slowest (100 Hz) */
	TIMER_DELAY_MS = 20,
	COUNT_US = 100 * 1000,
};

static struct ifreq
request_for(const char *interface)
{
	struct ifreq request = { 0 };

	g_strlcpy(request.ifr_name, interface, sizeof(request.ifr_name));
	return request;
}

static char *
interface_to_string(const pcap_if_t *interface)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

	if (strcmp(interface->name, "any") == 0)
		g_ptr_array_add(words, g_strdup(_("All interfaces")));
	else if (interface->description)
		g_ptr_array_add(words, g_strdup(interface->description));
	if (interface->flags & PCAP_IF_LOOPBACK)
		g_ptr_array_add(words, g_strdup(_("Loopback")));
	if (interface->flags & PCAP_IF_WIRELESS)
		g_ptr_array_add(words, g_strdup(_("Wireless")));
	g_ptr_array_add(words, g_strdup(interface->flags & PCAP_IF_UP ? _("up") : _("down")));
	for (const pcap_addr_t *a = interface->addresses; a; a = a->next) {
		int family = a->addr ? a->addr->sa_family : AF_UNSPEC;
		char text[INET6_ADDRSTRLEN];
		if (family != AF_INET && family != AF_INET6)
			continue;
		const void *address = family == AF_INET
					  ? (void *)&((struct sockaddr_in *)a->addr)->sin_addr
					  : (void *)&((struct sockaddr_in6 *)a->addr)->sin6_addr;
		if (inet_ntop(family, address, text, sizeof(text)))
			g_ptr_array_add(words, g_strdup(text));
	}
	g_ptr_array_add(words, NULL);
	g_autofree char *rest = g_strjoinv(", ", (char **)words->pdata);
	return g_strdup_printf("%s\t%s", interface->name, rest);
}

char **
capture_interfaces(GError **error)
{
	char words[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *all = NULL;

	if (pcap_findalldevs(&all, words) != 0) {
		g_autofree char *valid = g_utf8_make_valid(words, -1);
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			  _("The interfaces cannot be listed: %s."), valid);
		return NULL;
	}
	GPtrArray *lines = g_ptr_array_new();
	/* libpcap also lists what carries no IP packets: USB buses, D-Bus, Bluetooth */
	for (const pcap_if_t *i = all; i; i = i->next)
		if (strcmp(i->name, "any") == 0 || if_nametoindex(i->name) != 0)
			g_ptr_array_add(lines, interface_to_string(i));
	g_ptr_array_add(lines, NULL);
	pcap_freealldevs(all);
	return (char **)g_ptr_array_free(lines, FALSE);
}

/* "eth0, lo, any": the interfaces that can be opened; the caller frees. */
static char *
interfaces_names(void)
{
	g_auto(GStrv) lines = capture_interfaces(NULL);

	for (char **line = lines; line && *line; line++)
		*strchr(*line, '\t') = '\0';
	return lines ? g_strjoinv(", ", lines) : g_strdup("");
}

/* Whether libpcap knows `name`, even where it may not be opened. */
static gboolean
interface_exists(const char *name)
{
	char words[PCAP_ERRBUF_SIZE];
	pcap_if_t *all = NULL;
	gboolean found = FALSE;

	if (if_nametoindex(name))
		return TRUE;
	if (pcap_findalldevs(&all, words) != 0)
		return FALSE;
	for (const pcap_if_t *i = all; i && !found; i = i->next)
		found = strcmp(i->name, name) == 0;
	pcap_freealldevs(all);
	return found;
}

/* `status`: what pcap_activate() gave. */
static void
set_activate_error(GError **error, const char *interface, int status, pcap_t *pcap)
{
	g_autofree char *words = g_utf8_make_valid(pcap_geterr(pcap), -1), *names = NULL;
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *quoted = g_shell_quote(program ? program : "pktladder");
	gboolean denied =
	    status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED;

	if (status == PCAP_ERROR_NO_SUCH_DEVICE || !interface_exists(interface))
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_INTERFACE,
			  _("There is no interface “%s”. There are: %s."), interface,
			  names = interfaces_names());
	else if (denied && geteuid() == 0)
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_PERMISSION,
			  _("Not even root may capture on %s here: this container or sandbox "
			    "withholds the capability CAP_NET_RAW. Start it with that capability "
			    "(docker run --cap-add=NET_RAW …)."),
			  interface);
	else if (denied)
		error_set(
		    error, CAPTURE_ERROR, CAPTURE_ERROR_NO_PERMISSION,
		    _("You have no permission to capture on %s. Run the command with sudo, or give "
		      "the program that right once and for all: sudo setcap cap_net_raw+ep %s"),
		    interface, quoted);
	else if (status == PCAP_ERROR_IFACE_NOT_UP)
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			  _("The interface %s is down. Bring it up first: sudo ip link set %s up"),
			  interface, interface);
	else
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			  _("The interface %s cannot be captured on: %s (%s)."), interface,
			  pcap_statustostr(status), words);
}

/* Takes the numbers below SOCKET_FD, so that libpcap, as everybody, gets the lowest one
 * above. g_array_unref() gives them back. */
static GArray *
low_numbers_take(void)
{
	GArray *taken = g_array_new(FALSE, FALSE, sizeof(int));
	struct rlimit most;
	int fd = -1, limit = SOCKET_FD;

	g_array_set_clear_func(taken, (GDestroyNotify)fd_clear);
	if (getrlimit(RLIMIT_NOFILE, &most) == 0)
		limit = MIN(most.rlim_cur / 2, SOCKET_FD);
	while (fd < limit - 1 && (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		g_array_append_val(taken, fd);
	return taken;
}

static pcap_t *
open_pcap(const char *interface, const LiveOptions *options, GError **error)
{
	char words[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_create(interface, words);
	int status = 0;

	if (pcap) {
		pcap_set_snaplen(pcap, CAPTURE_SNAPSHOT_LENGTH);
		pcap_set_immediate_mode(pcap, options->immediate);
		pcap_set_timeout(pcap, TIMER_MS);
		pcap_set_buffer_size(pcap, options->buffer_size);
		/* refused where there are microseconds only: then those are used */
		pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
		GArray *low = low_numbers_take();
		status = pcap_activate(pcap);
		g_array_unref(low);
		if (status >= 0 && pcap_setnonblock(pcap, 1, words) == 0)
			return pcap;
	}
	if (status < 0)
		set_activate_error(error, interface, status, pcap);
	else
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			  _("The interface %s cannot be captured on: %s."), interface, words);
	if (pcap)
		pcap_close(pcap);
	return NULL;
}

/* Keeps the socket's descriptor and its ring from the programs that are run and the
 * processes that are forked. Where libpcap has mapped the ring, only /proc knows:
 * "7f3a00000000-7f3a01000000 rw-s 00000000 00:09 4711    socket:[4711]" */
static void
socket_keep(int fd)
{
	g_autofree char *maps = NULL;
	struct stat socket;

	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (fstat(fd, &socket) < 0 || !g_file_get_contents("/proc/self/maps", &maps, NULL, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(maps, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		guint64 start, end, inode;
		if (sscanf(lines[i], "%" SCNx64 "-%" SCNx64 " %*s %*s %*s %" SCNu64, &start, &end,
			   &inode) == 3 &&
		    inode == socket.st_ino && strstr(lines[i], " socket:["))
			madvise((void *)(guintptr)start, end - start, MADV_DONTFORK);
	}
}

static gboolean
live_set_filter(Capture *capture, const char *filter, GError **error)
{
	struct bpf_program program;
	pcap_t *pcap = capture->pcap;

	filter = filter ? filter : "";
	if (!bpf_compile(pcap, filter, &program, error))
		return FALSE;
	int status = pcap_setfilter(pcap, &program);
	pcap_freecode(&program);
	if (status == 0)
		return TRUE;
	return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FILTER,
			 _("The filter “%s” cannot be used: %s."), filter, pcap_geterr(pcap));
}

/* Only a live capture has a filter in the kernel, which others could change. */
gboolean
capture_lock_filter(Capture *capture)
{
	return !capture_is_live(capture) ||
	       setsockopt(pcap_fileno(capture->pcap), SOL_SOCKET, SO_LOCK_FILTER, &(int){ 1 },
			  sizeof(int)) == 0;
}

/* Losses since they were asked for last become an item. */
static gboolean
tell_drops(Capture *capture, CaptureItem *item)
{
	struct pcap_stat statistics;

	if (g_get_monotonic_time() < capture->next_count_us)
		return FALSE;
	capture->next_count_us = g_get_monotonic_time() + COUNT_US;
	if (pcap_stats(capture->pcap, &statistics) != 0)
		return FALSE;
	/* the kernel's counters are 32 bits wide and wrap */
	guint32 counted = statistics.ps_drop + statistics.ps_ifdrop;
	guint32 dropped = counted - capture->counted;
	capture->counted = counted;
	if (dropped == 0)
		return FALSE;
	if (!capture->time_ns)
		capture->time_ns = g_get_real_time() * 1000;
	item->kind = CAPTURE_DROPS;
	item->time_ns = capture->time_ns;
	item->dropped = dropped;
	return TRUE;
}

static void
end(Capture *capture, CaptureItem *item, char *note)
{
	capture->ended = TRUE;
	capture_item_note(capture, item, CAPTURE_END, note);
}

/* libpcap itself waits for an interface that went down to come back. */
static void
end_if_down(Capture *capture, CaptureItem *item)
{
	struct ifreq request = request_for(capture->interface);

	if (capture->control < 0 || strcmp(capture->interface, "any") == 0)
		return;
	if (ioctl(capture->control, SIOCGIFFLAGS, &request) == 0) {
		if (!(request.ifr_flags & IFF_UP))
			end(capture, item,
			    g_strdup_printf(_("The interface %s went down: the capture ends here."),
					    capture->interface));
	} else if (errno == ENODEV) {
		end(capture, item,
		    g_strdup_printf(_("The interface %s is gone: the capture ends here."),
				    capture->interface));
	}
}

static void
live_next(Capture *capture, CaptureItem *item)
{
	struct pcap_pkthdr *header;
	const guint8 *data;

	if (capture->ended) {
		item->kind = CAPTURE_END;
		item->note = capture->note;
		return;
	}
	if (tell_drops(capture, item))
		return;
	int status = pcap_next_ex(capture->pcap, &header, &data);
	if (status == 1) {
		capture->time_ns = timestamp_of(
		    header->ts.tv_sec, header->ts.tv_usec * (capture->nanoseconds ? 1 : 1000));
		item->kind = CAPTURE_PACKET;
		item->offset = CAPTURE_NO_OFFSET;
		item->packet = (Packet){
			.time_ns = capture->time_ns,
			.data = data,
			.captured = MIN(header->caplen, CAPTURE_SNAPSHOT_LENGTH),
			.length = header->len,
			.link_type = capture->link_type,
		};
		return;
	}
	end_if_down(capture, item);
	if (status == 0 || capture->ended)
		return;
	capture->broken = TRUE;
	end(capture, item,
	    g_strdup_printf(_("The capture on %s ends here: %s."), capture->interface,
			    pcap_geterr(capture->pcap)));
}

Capture *
live_open(const char *interface, const char *filter, const LiveOptions *options, GError **error)
{
	pcap_t *pcap = open_pcap(interface, options, error);

	if (!pcap)
		return NULL;
	/* Of all interfaces: the second version names them, which tells copies of a packet. */
	if (pcap_datalink(pcap) == DLT_LINUX_SLL)
		pcap_set_datalink(pcap, DLT_LINUX_SLL2);
	g_autoptr(Capture) capture = g_new0(Capture, 1);
	*capture = (Capture){
		.next = live_next,
		.set_filter = live_set_filter,
		.link_type = link_type_from_dlt(pcap_datalink(pcap)),
		.fd = pcap_get_selectable_fd(pcap),
		.delay_ms = options->immediate ? 0 : TIMER_DELAY_MS,
		.file = -1,
		.pcap = pcap,
		.interface = g_strdup(interface),
		.origins = origins_new(),
		.nanoseconds = pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO,
		.control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
	};
	socket_keep(pcap_fileno(pcap));
	origins_add_interface(capture->origins, 0, capture->link_type);
	origins_interface(capture->origins, 0)->name = g_strdup(interface);
	if (filter && !live_set_filter(capture, filter, error))
		return NULL;
	return g_steal_pointer(&capture);
}

Capture *
capture_open_live(const char *interface, const char *filter, GError **error)
{
	static const struct {
		guint32 question, yes;
	} offloads[] = { { ETHTOOL_GTSO, 1 },
			 { ETHTOOL_GGSO, 1 },
			 { ETHTOOL_GGRO, 1 },
			 { ETHTOOL_GFLAGS, ETH_FLAG_LRO } };
	LiveOptions options = { .buffer_size = RING_BYTES };
	struct ifreq request = request_for(interface);
	g_auto(Fd) control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	/* See the theory of operation. libpcap looks for the largest packet on Ethernet only, which
	 * lo counts as. */
	options.immediate = ioctl(control, SIOCGIFMTU, &request) == 0 &&
			    request.ifr_mtu <= SMALL_MTU &&
			    ioctl(control, SIOCGIFHWADDR, &request) == 0 &&
			    (request.ifr_hwaddr.sa_family == ARPHRD_ETHER ||
			     request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK);
	for (gsize i = 0; options.immediate && i < G_N_ELEMENTS(offloads); i++) {
		struct ethtool_value value = { .cmd = offloads[i].question };

		request.ifr_data = (char *)&value;
		options.immediate =
		    ioctl(control, SIOCETHTOOL, &request) < 0 || !(value.data & offloads[i].yes);
	}
	return live_open(interface, filter, &options, error);
}

gboolean
capture_probe(const char *interface, GError **error)
{
	g_autoptr(Capture) capture = capture_open_live(interface, NULL, error);

	return capture != NULL;
}

/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * A loopback interface is made for speed: an MTU of 65536, and TCP hands it
 * pieces of up to 64 kB that nobody cuts (TSO, GSO; of UDP, USO). On a ladder
 * one send() would then be one giant "segment", which no wire has ever seen.
 * The MTU alone does not change it, the offloads must go too.
 */
#include "loopback.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	MTU = 1500,
	MAX_FEATURES = 256, /* the kernel has about 64 */
};

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
	g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_SETUP,
		    _("the private network was made, but its loopback interface cannot be set up: "
		      "%s: %s"),
		    what, g_strerror(errno));
	return FALSE;
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

/* The feature's number, which differs between kernels; -1 where it has none. */
static int
find_feature(int fd, const char *name, guint32 *n_features)
{
	g_autofree struct ethtool_sset_info *info =
	    g_malloc0(sizeof(*info) + sizeof(info->data[0]));
	g_autofree struct ethtool_gstrings *names =
	    g_malloc0(sizeof(*names) + (gsize)MAX_FEATURES * ETH_GSTRING_LEN);

	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = 1 << ETH_SS_FEATURES;
	if (lo_ethtool(fd, info) < 0 || !info->sset_mask)
		return -1;
	*n_features = MIN(info->data[0], MAX_FEATURES);
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = *n_features;
	if (lo_ethtool(fd, names) < 0)
		return -1;
	for (guint32 i = 0; i < MIN(names->len, *n_features); i++)
		if (strncmp((char *)names->data + i * ETH_GSTRING_LEN, name, ETH_GSTRING_LEN) == 0)
			return i;
	return -1;
}

/* Not an error where it cannot be done: older kernels do not have the feature. */
static void
turn_off_feature(int fd, const char *name)
{
	guint32 n_features;
	int feature = find_feature(fd, name, &n_features);

	if (feature < 0)
		return;
	guint32 blocks = (n_features + 31) / 32;
	g_autofree struct ethtool_sfeatures *set =
	    g_malloc0(sizeof(*set) + blocks * sizeof(set->features[0]));
	set->cmd = ETHTOOL_SFEATURES;
	set->size = blocks;
	set->features[feature / 32].valid = 1u << (feature % 32);
	lo_ethtool(fd, set);
}

/* A machine's settings can leave new interfaces without IPv6. */
static void
allow_ipv6(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/lo/disable_ipv6", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return; /* a kernel without IPv6 */
	if (write(fd, "0", 1) < 0)
		g_debug("disable_ipv6: %s", g_strerror(errno));
	close(fd);
}

static gboolean
set_up(int fd, GError **error)
{
	struct ifreq ifr = { .ifr_mtu = MTU };

	if (lo_ioctl(fd, SIOCSIFMTU, &ifr) < 0)
		return fail_setup(error, "MTU 1500");
	for (gsize i = 0; i < G_N_ELEMENTS(offloads); i++) {
		struct ethtool_value off = { .cmd = offloads[i].command, .data = 0 };

		if (lo_ethtool(fd, &off) < 0)
			return fail_setup(error, offloads[i].name);
	}
	turn_off_feature(fd, "tx-udp-segmentation");
	allow_ipv6();
	if (lo_ioctl(fd, SIOCGIFFLAGS, &ifr) < 0)
		return fail_setup(error, "flags");
	ifr.ifr_flags |= IFF_UP;
	if (lo_ioctl(fd, SIOCSIFFLAGS, &ifr) < 0)
		return fail_setup(error, "up");
	return TRUE;
}

gboolean
loopback_set_up(GError **error)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return fail_setup(error, "socket()");
	gboolean done = set_up(fd, error);
	close(fd);
	return done;
}

/* SPDX-License-Identifier: MIT */
/* decode_samples_link.c - link types and tunnels. */
#include "decode_samples.h"

/* clang-format off: the tables are laid out by header */

const Sample link_samples[] = {
	/* Link types. Each carries the same segment, "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.],
	 * seq 1000:1004, ack 2000, win 8192, length 4", or its like. */
	{ "ethernet ipv4", 1, 0, MACS "0800" IPV4_TCP, TCP4 },
	{ "ethernet ipv6", 1, 0, MACS "86dd" IPV6_TCP, TCP6 },
	{ "ethernet udp", 1, 0, MACS "0800" IPV4_UDP, UDP4 },
	{ "ethernet udp ipv6", 1, 0, MACS "86dd" IPV6_UDP, UDP6 },
	/* padded to 64 bytes: the trailer is no payload */
	{ "ethernet trailer", 1, 0, MACS "0800" IPV4_TCP "00000000 0000", TCP4 },
	/* ARP, Request who-has 10.0.0.2 tell 10.0.0.1 */
	{ "ethernet arp", 1, 0,
	  MACS "08060001 08000604 00010200 00000001 0a000001 00000000 00000a00 0002",
	  "unsupported other ARP (ethertype 0x0806)" },
	{ "ethernet unknown", 1, 0,
	  MACS "1234"
	       "01020304 05",
	  "unsupported other ethertype 0x1234" },
	/* length 52, LLC SNAP */
	{ "ethernet 802.3 snap", 1, 0,
	  MACS "0034"
	       "aaaa0300 0000"
	       "0800" IPV4_TCP,
	  TCP4 },
	/* length 47, LLC DSAP IP */
	{ "ethernet llc ip", 1, 0,
	  MACS "002f"
	       "060603" IPV4_TCP,
	  TCP4 },
	{ "ethernet stp", 1, 0,
	  MACS "0026"
	       "42420300 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	       "00000000 0000",
	  "unsupported other STP (LLC DSAP 0x42)" },
	{ "ethernet novell", 1, 0,
	  MACS "001e"
	       "ffff001e 00000000 00000000 00000000 00000000 00000000 00000000 0000",
	  "unsupported other IPX" },
	/* vlan 100, p 3 */
	{ "vlan", 1, 0,
	  MACS "81006064"
	       "0800" IPV4_TCP,
	  TCP4 },
	/* vlan 100 in 802.1ad, vlan 200 */
	{ "qinq", 1, 0,
	  MACS "88a80064"
	       "810000c8"
	       "86dd" IPV6_TCP,
	  TCP6 },
	{ "qinq 9100", 1, 0,
	  MACS "91000064"
	       "810000c8"
	       "0800" IPV4_TCP,
	  TCP4 },
	/* PPPoE [ses 0x17], length 46 */
	{ "pppoe", 1, 0,
	  MACS "8864"
	       "11000017 002e"
	       "0021" IPV4_TCP,
	  TCP4 },
	{ "pppoe discovery", 1, 0,
	  MACS "8863"
	       "11090000 0004"
	       "01010000",
	  "unsupported other PPPoE discovery (ethertype 0x8863)" },
	/* label 100, label 200, bottom of stack */
	{ "mpls", 1, 0,
	  MACS "8847"
	       "00064040"
	       "000c8140" IPV4_TCP,
	  TCP4 " via MPLS" },
	{ "mpls pseudowire", 1, 0,
	  MACS "8847"
	       "00064140"
	       "00000000" MACS "0800" IPV4_TCP,
	  TCP4 " via MPLS pseudowire" },
	{ "mpls pseudowire without control word", 1, 0,
	  MACS "8847"
	       "00064140" MACS "0800" IPV4_TCP,
	  TCP4 " via MPLS pseudowire" },
	{ "nsh", 1, 0,
	  MACS "894f"
	       "0fc60103"
	       "000001ff 00000000 00000000 00000000 00000000" MACS "0800" IPV4_TCP,
	  TCP4 " via NSH" },
	{ "cisco metadata", 1, 0,
	  MACS "8909"
	       "01010001 0002"
	       "0800" IPV4_TCP,
	  TCP4 },
	{ "802.1ah", 1, 0,
	  MACS "88e7"
	       "00000064" MACS "0800" IPV4_TCP,
	  TCP4 },
	{ "e-tag", 1, 0,
	  MACS "893f"
	       "00000000 0000"
	       "0800" IPV4_TCP,
	  TCP4 },
	{ "sll", 113, 0,
	  "00000001 00060200 00000001 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "sll gre device", 113, 0,
	  "0000030a 00040000 00000000 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "sll arp", 113, 0,
	  "00000001 00060200 00000001 00000806"
	  "00010800 06040001",
	  "unsupported other ARP (ethertype 0x0806)" },
	{ "sll llc", 113, 0,
	  "00000001 00060200 00000001 00000004"
	  "424203",
	  "unsupported other STP (LLC DSAP 0x42)" },
	{ "sll2", 276, 0,
	  "86dd0000"
	  "00000002"
	  "0304"
	  "0006"
	  "00000000 00000000" IPV6_TCP,
	  TCP6 },
	{ "null little-endian", 0, 0, "02000000" IPV4_TCP, TCP4 },
	{ "null big-endian", 0, 0, "00000002" IPV4_TCP, TCP4 },
	{ "null ipv6 of macOS", 0, 0, "1e000000" IPV6_TCP, TCP6 },
	{ "null unknown family", 0, 0,
	  "07000000"
	  "0102",
	  "unsupported other unknown address family" },
	{ "loop", 108, 0, "00000018" IPV6_TCP, TCP6 },
	{ "raw ip 101", 101, 0, IPV4_TCP, TCP4 },
	{ "raw ip 12", 12, 0, IPV4_TCP, TCP4 },
	{ "raw ip 14", 14, 0, IPV4_TCP, TCP4 },
	{ "raw ip 228", 228, 0, IPV4_TCP, TCP4 },
	{ "raw ipv6 101", 101, 0, IPV6_UDP, UDP6 },
	{ "raw ipv6 229", 229, 0, IPV6_UDP, UDP6 },
	{ "ppp", 9, 0,
	  "ff03"
	  "0021" IPV4_TCP,
	  TCP4 },
	{ "ppp without address", 9, 0, "0057" IPV6_TCP, TCP6 },
	{ "ppp short protocol", 9, 0,
	  "ff03"
	  "21" IPV4_TCP,
	  TCP4 },
	{ "ppp hdlc", 50, 0,
	  "ff03"
	  "0021" IPV4_TCP,
	  TCP4 },
	{ "ppp cisco hdlc", 50, 0, "0f000800" IPV4_TCP, TCP4 },
	{ "ppp mpls", 9, 0,
	  "ff03"
	  "0281"
	  "00064140" IPV4_UDP,
	  UDP4 " via MPLS" },
	{ "ppp lcp", 9, 0,
	  "ff03c021"
	  "01010004",
	  "unsupported other LCP (PPP protocol 0xc021)" },
	{ "ppp ethernet", 51, 0,
	  "11000017 002e"
	  "0021" IPV4_TCP,
	  TCP4 },
	{ "ppp with direction", 204, 0,
	  "00"
	  "ff03"
	  "0021" IPV4_TCP,
	  TCP4 },
	{ "pppd", 166, 0,
	  "01"
	  "03"
	  "0021" IPV4_TCP,
	  TCP4 },
	{ "cisco hdlc", 104, 0,
	  "0f00"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "cisco hdlc with direction", 205, 0,
	  "01"
	  "0f00"
	  "86dd" IPV6_TCP,
	  TCP6 },
	{ "slarp", 104, 0,
	  "8f008035"
	  "00000002",
	  "unsupported other Cisco SLARP" },
	{ "frame relay", 107, 0,
	  "1841"
	  "03cc" IPV4_TCP,
	  TCP4 },
	{ "frame relay cisco", 107, 0,
	  "1841"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "frame relay snap", 206, 0,
	  "01"
	  "1841"
	  "0300"
	  "80000000"
	  "86dd" IPV6_TCP,
	  TCP6 },
	{ "slip", 8, 0, "00000000 00000000 00000000 00000000" IPV4_TCP, TCP4 },
	{ "fddi", 10, 0,
	  "57" MACS "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	/* with a source route of 6 bytes */
	{ "token ring", 6, 0,
	  "1040"
	  "02000000 0002"
	  "82000000 0001"
	  "0630"
	  "00210012"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "arcnet rfc 1201", 7, 0,
	  "0102"
	  "d4"
	  "000001" IPV4_TCP,
	  TCP4 },
	{ "arcnet rfc 1051", 7, 0,
	  "0102"
	  "f0" IPV4_TCP,
	  TCP4 },
	{ "arcnet linux", 129, 0,
	  "0102"
	  "0000"
	  "d4"
	  "000001" IPV4_TCP,
	  TCP4 },
	{ "arcnet linux arp", 129, 0,
	  "0102"
	  "0000"
	  "d5"
	  "000001"
	  "0007",
	  "unsupported other ARP (ARCNET protocol 213)" },
	{ "llc over atm", 100, 0,
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "ip over fibre channel", 122, 0,
	  "00000000 00000000 00000000 00000000"
	  "aaaa0300 0000"
	  "86dd" IPV6_TCP,
	  TCP6 },
	{ "ipoib", 242, 0,
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000"
	  "08000000" IPV4_TCP,
	  TCP4 },
	/* prefix "fil", payload */
	{ "nflog", 239, 0,
	  "02000000"
	  "0800"
	  "0a00"
	  "66696c00"
	  "3000"
	  "0900" IPV4_TCP,
	  TCP4 },
	{ "nflog big-endian", 239, 0,
	  "0a000000"
	  "0044"
	  "0009" IPV6_TCP,
	  TCP6 },
	/* Ethernet within */
	{ "ppi", 192, 0,
	  "00000800"
	  "01000000" MACS "0800" IPV4_TCP,
	  TCP4 },
	{ "pktap", 258, 0,
	  "0c000000"
	  "01000000"
	  "01000000" MACS "0800" IPV4_TCP,
	  TCP4 },
	{ "pktap user2", 149, 0,
	  "0c000000"
	  "01000000"
	  "01000000" MACS "0800" IPV4_TCP,
	  TCP4 },
	{ "pflog", 117, 0,
	  "3d020000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000" IPV4_TCP,
	  TCP4 },
	{ "enc", 109, 0, "02000000 00000000 00000000" IPV4_TCP, TCP4 },
	{ "ipnet", 226, 0, "01020000 00000000 00000000 00000000 00000000 00000000" IPV4_TCP, TCP4 },
	{ "erf", 197, 0,
	  "00000000 00000000"
	  "02"
	  "04"
	  "004c"
	  "0000"
	  "003a"
	  "0000" MACS "0800" IPV4_TCP,
	  TCP4 },
	{ "mpacket", 274, 0, "55555555 555555d5" MACS "0800" IPV4_TCP, TCP4 },
	{ "mpls link", 219, 0, "00064140" IPV4_TCP, TCP4 " via MPLS" },
	{ "usb", 189, 0, "00000000 00000000 00000000 00000000 00000000",
	  "unsupported other USB (link type 189)" },
	{ "unknown link type", 147, 0, "00000000 00000000 00000000 00000000 00000000",
	  "unsupported other link type 147" },
	{ "802.11", 105, 0,
	  "08012c00 02000000 00010200 00000002 02000000 00031000"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "802.11 qos", 105, 0,
	  "8802"
	  "2c000200 00000001 02000000 00020200 00000003 1000"
	  "0000"
	  "aaaa0300 0000"
	  "86dd" IPV6_TCP,
	  TCP6 },
	{ "802.11 wds", 105, 0,
	  "0803"
	  "2c000200 00000001 02000000 00020200 00000003 1000"
	  "02000000 0004"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "802.11 mesh", 105, 0,
	  "8803"
	  "2c000200 00000001 02000000 00020200 00000003 1000"
	  "02000000 0004"
	  "0001"
	  "001f0000 0007"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "802.11 a-msdu", 105, 0,
	  "8801"
	  "2c000200 00000001 02000000 00020200 00000003 1000"
	  "8000" MACS "0034"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "802.11 protected", 105, 0,
	  "0841"
	  "2c000200 00000001 02000000 00020200 00000003 1000"
	  "00000000 00000000 00000000 00000000 00000000",
	  "unsupported other encrypted 802.11" },
	{ "802.11 null", 105, 0,
	  "4801"
	  "2c000200 00000001 02000000 00020200 00000003 1000",
	  "unsupported other 802.11 frame without data" },
	{ "802.11 beacon", 105, 0,
	  "8000"
	  "2c000200 00000001 02000000 00020200 00000003 1000"
	  "00000000 00000000 00000000",
	  "unsupported other 802.11 management frame" },
	{ "radiotap with fcs", 127, 0,
	  "00001200"
	  "2e480000"
	  "10"
	  "00000000 00000000 00"
	  "08012c00 02000000 00010200 00000002 02000000 00031000"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP "deadbeef",
	  TCP4 },
	/* two presence words, a time, flags */
	{ "radiotap padded", 127, 0,
	  "00001900"
	  "03000080"
	  "00000000"
	  "00000000"
	  "00000000 00000000"
	  "20"
	  "8802"
	  "2c000200 00000001 02000000 00020200 00000003 1000"
	  "0000"
	  "0000"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "prism", 119, 0,
	  "44000000"
	  "90000000"
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000"
	  "08012c00 02000000 00010200 00000002 02000000 00031000"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ "avs", 163, 0,
	  "80211001"
	  "00000040"
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 00000000 00000000 00000000 00000000"
	  "08012c00 02000000 00010200 00000002 02000000 00031000"
	  "aaaa0300 0000"
	  "0800" IPV4_TCP,
	  TCP4 },
	{ 0 },
};

const Sample tunnel_samples[] = {
	/* Tunnels. */
	{ "ip in ip", 101, 0, "45000040 00010000 400466b7 0a000001 0a000002" IPV4_TCP,
	  TCP4 " via IP in IP" },
	{ "6in4", 101, 0, "45000054 00010000 4029667e 0a000001 0a000002" IPV6_TCP,
	  TCP6 " via 6in4" },
	{ "4in6", 101, 0,
	  "60000000 00200440 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002" IPV4_UDP,
	  UDP4 " via 4in6" },
	{ "gre", 101, 0,
	  "45000044 00010000 402f6688 0a000001 0a000002"
	  "00000800" IPV4_TCP,
	  TCP4 " via GRE" },
	{ "gre with checksum, key and sequence", 101, 0,
	  "45000050 00010000 402f667c 0a000001 0a000002"
	  "b0000800 12340000 00000007 00000001" IPV4_TCP,
	  TCP4 " via GRE" },
	{ "gre ethernet", 101, 0,
	  "4500005a 00010000 402f6672 0a000001 0a000002"
	  "00006558" MACS "86dd" IPV6_UDP,
	  UDP6 " via GRE" },
	/* GREv1, call 1, seq 5, ack 4, PPP */
	{ "pptp", 101, 0,
	  "45000054 00010000 402f6678 0a000001 0a000002"
	  "3081880b 00300001 00000005 00000004"
	  "ff030021" IPV4_TCP,
	  TCP4 " via GRE" },
	{ "erspan ii", 101, 0,
	  "4500005e 00010000 402f666e 0a000001 0a000002"
	  "100088be 00000001 10640001 00000000" MACS "0800" IPV4_TCP,
	  TCP4 " via ERSPAN" },
	{ "erspan i", 101, 0,
	  "45000052 00010000 402f667a 0a000001 0a000002"
	  "000088be" MACS "0800" IPV4_TCP,
	  TCP4 " via ERSPAN" },
	{ "erspan iii", 101, 0,
	  "4500006a 00010000 402f6662 0a000001 0a000002"
	  "100022eb 00000001 20640001 00000000 00000001 00000000 00000000" MACS "0800" IPV4_TCP,
	  TCP4 " via ERSPAN" },
	{ "wccp", 101, 0,
	  "45000048 00010000 402f6684 0a000001 0a000002"
	  "0000883e 00000000" IPV4_TCP,
	  TCP4 " via GRE" },
	{ "gre unknown", 101, 0,
	  "4500001c 00010000 402f66b0 0a000001 0a000002"
	  "00009999"
	  "61626364",
	  "unsupported other 10.0.0.1 > 10.0.0.2 ethertype 0x9999 via GRE" },
	{ "etherip", 101, 0,
	  "45000050 00010000 4061664a 0a000001 0a000002"
	  "3000" MACS "0800" IPV4_TCP,
	  TCP4 " via EtherIP" },
	{ "mpls in ip", 101, 0,
	  "45000044 00010000 4089662e 0a000001 0a000002"
	  "00064140" IPV4_TCP,
	  TCP4 " via MPLS" },
	/* VXLAN, vni 42 */
	{ "vxlan", 101, 0,
	  "4500005e 00010000 4011668c 0a000001 0a000002"
	  "15b312b5 004a0000"
	  "08000000 00002a00" MACS "0800" IPV4_TCP,
	  TCP4 " via VXLAN" },
	/* cut by the snap length within the inner IP header */
	{ "vxlan cut", 101, 94,
	  "4500005e 00010000 4011668c 0a000001 0a000002"
	  "15b312b5 004a0000"
	  "08000000 00002a00" MACS "0800 4500002c",
	  "truncated datagram 10.0.0.1:5555 > 10.0.0.2:4789 UDP 74 len 66 absent"
	  ": the packet ends within its IPv4 header" },
	/* 5555 > 8472, Linux's own default */
	{ "vxlan linux", 101, 0,
	  "4500005e 00010000 4011668c 0a000001 0a000002"
	  "15b32118 004a0000"
	  "08000000 00002a00" MACS "0800" IPV4_TCP,
	  TCP4 " via VXLAN" },
	/* ARP within: the datagram is what is left */
	{ "vxlan arp", 101, 0,
	  "4500003a 00010000 401166b0 0a000001 0a000002"
	  "15b312b5 00260000"
	  "08000000 00002a00" MACS "0806"
	  "00010800 06040001",
	  "ok datagram 10.0.0.1:5555 > 10.0.0.2:4789 UDP 38 len 30 absent" },
	{ "not vxlan", 101, 0,
	  "4500005e 00010000 4011668c 0a000001 0a000002"
	  "15b312b5 004a0000"
	  "00000000 00002a00" MACS "0800" IPV4_TCP,
	  "ok datagram 10.0.0.1:5555 > 10.0.0.2:4789 UDP 74 len 66 absent" },
	{ "vxlan-gpe", 101, 0,
	  "45000050 00010000 4011669a 0a000001 0a000002"
	  "15b312b6 003c0000"
	  "0c000001 00002a00" IPV4_TCP,
	  TCP4 " via VXLAN" },
	/* Geneve, vni 42, an option of 4 bytes */
	{ "geneve", 101, 0,
	  "45000076 00010000 40116674 0a000001 0a000002"
	  "15b317c1 00620000"
	  "01006558 00002a00 01038000" MACS "86dd" IPV6_TCP,
	  TCP6 " via Geneve" },
	/* with an extension header */
	{ "gtp-u", 101, 0,
	  "45000058 00010000 40116692 0a000001 0a000002"
	  "15b30868 00440000"
	  "34ff0034 00000007 00000085 01001000" IPV4_TCP,
	  TCP4 " via GTP-U" },
	/* with an origin indication */
	{ "teredo", 101, 0,
	  "45000058 00010000 40116692 0a000001 0a000002"
	  "15b30dd8 00440000"
	  "0000ffff f5ffffff" IPV6_UDP,
	  UDP6 " via Teredo" },
	{ "l2tp", 101, 0,
	  "45000054 00010000 40116696 0a000001 0a000002"
	  "15b306a5 00400000"
	  "4002003a 00010002"
	  "ff030021" IPV4_TCP,
	  TCP4 " via L2TP" },
	{ "lisp", 101, 0,
	  "45000050 00010000 4011669a 0a000001 0a000002"
	  "15b310f5 003c0000"
	  "00000000 00000001" IPV4_TCP,
	  TCP4 " via LISP" },
	{ "mpls in udp", 101, 0,
	  "4500004c 00010000 4011669e 0a000001 0a000002"
	  "15b319eb 00380000"
	  "00064140" IPV4_TCP,
	  TCP4 " via MPLS" },
	/* IP 10.0.0.1.5555 > 10.0.0.2.5247: UDP; the frame of Ethernet within: radio 1, binding 1
	 */
	{ "capwap ethernet", 101, 0,
	  "4500005e 00010000 4011668c 0a000001 0a000002"
	  "15b3147f 004a0000 00104200 00000000" MACS "0800" IPV4_TCP,
	  TCP4 " via CAPWAP" },
	{ "capwap 802.11", 101, 0,
	  "45000070 00010000 4011667a 0a000001 0a000002"
	  "15b3147f 005c0000 00104300 00000000 08010000" MACS
	  "02000000 00030000 aaaa0300 00000800" IPV4_TCP,
	  TCP4 " via CAPWAP" },
	/* the same, with four bytes of radio information, and the frame control the wrong way round
	 */
	{ "capwap swapped", 101, 0,
	  "45000078 00010000 40116672 0a000001 0a000002"
	  "15b3147f 00640000 00204320 00000000 04ed4d00 00000000 01080000" MACS
	  "02000000 00030000 aaaa0300 00000800" IPV4_TCP,
	  TCP4 " via CAPWAP" },
	/* the same as the first, a fragment: the datagram is what is left */
	{ "capwap fragment", 101, 0,
	  "4500005e 00010000 4011668c 0a000001 0a000002"
	  "15b3147f 004a0000 00104280 00000000" MACS "0800" IPV4_TCP,
	  "ok datagram 10.0.0.1:5555 > 10.0.0.2:5247 UDP 74 len 66 absent" },
	{ "capwap keep-alive", 101, 0,
	  "4500002c 00010000 401166be 0a000001 0a000002"
	  "15b3147f 00180000 00104208 00000000 00000000 00000000",
	  "ok datagram 10.0.0.1:5555 > 10.0.0.2:5247 UDP 24 len 16 absent" },
	{ "capwap dtls", 101, 0,
	  "4500002c 00010000 401166be 0a000001 0a000002"
	  "15b3147f 00180000 01000000 16fefd00 00000000 00000000",
	  "ok datagram 10.0.0.1:5555 > 10.0.0.2:5247 UDP 24 len 16 absent" },
	/* IP 10.0.0.1 > 10.0.0.2: PIMv2, Register */
	{ "pim register", 101, 0,
	  "45000048 00010000 4067664c 0a000001 0a000002"
	  "2100deff 00000000" IPV4_TCP,
	  TCP4 " via PIM register" },
	/* a null register, and PIMv2, Hello: no packet is within */
	{ "pim null", 101, 0,
	  "45000048 00010000 4067664c 0a000001 0a000002"
	  "2100deff 40000000" IPV4_TCP,
	  "unsupported other 10.0.0.1 > 10.0.0.2 PIM (IP protocol 103)" },
	{ "pim hello", 101, 0,
	  "45000018 00010000 4067667c 0a000001 0a000002"
	  "2000dfff",
	  "unsupported other 10.0.0.1 > 10.0.0.2 PIM (IP protocol 103)" },
	/* tree 19, TTL 4 */
	{ "fabricpath", 1, 0, MACS "890304c4" MACS "0800" IPV4_TCP, TCP4 " via FabricPath" },
	/* IP 10.0.0.1 > 10.0.0.2: IPComp(cpi=0x0002) */
	{ "ipcomp", 101, 0,
	  "45000024 00010000 406c666b 0a000001 0a000002"
	  "06000002 00000000 00000000 00000000",
	  "unsupported other 10.0.0.1 > 10.0.0.2 IPComp (IP protocol 108)" },
	{ 0 },
};

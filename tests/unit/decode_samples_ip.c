/* SPDX-License-Identifier: MIT */
/* decode_samples_ip.c - IP, TCP, UDP and ICMP. */
#include "decode_samples.h"

/* clang-format off: the tables are laid out by header */

const Sample ip_samples[] = {
	/* IP: options, extension headers, fragments, lengths. */
	/* options [nop, LSRR 10.0.0.9]: the real destination */
	{ "ipv4 source route", 101, 0,
	  "47000034 00010000 40065231 0a000001 0a000002 01830704 0a000009 9c400050"
	  "000003e8 000007d0 50182000 fab30000 64617461",
	  "ok data 10.0.0.1:40000 > 10.0.0.9:80 PSH-ACK seq 1000 ack 2000 win 8192 len 4 good" },
	{ "ipv4 router alert", 101, 0,
	  "46000030 00010000 4006d1c0 0a000001 0a000002 94040000 9c400050 000003e8"
	  "000007d0 50182000 faba0000 64617461",
	  TCP4 },
	{ "ipv4 broken option", 101, 0,
	  "46000030 00010000 400659c6 0a000001 0a000002 07ff0400 9c400050 000003e8"
	  "000007d0 50182000 faba0000 64617461",
	  "malformed data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 "
	  "len 4 good: an IPv4 option runs past the header" },
	{ "ipv4 ah", 101, 0,
	  "45000044 00010000 40336684 0a000001 0a000002 06040000 00000001 00000001"
	  "00000000 00000000 00000000 9c400050 000003e8 000007d0 50182000 faba0000"
	  "64617461",
	  TCP4 },
	{ "ipv6 hop-by-hop", 101, 0,
	  "60000000 00200040 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 06000104 00000000 9c400050 000003e8 000007d0 50182000"
	  "b3480000 64617461",
	  TCP6 },
	{ "ipv6 routing, mobile", 101, 0,
	  "60000000 00302b40 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 06020201 00000000 20010db8 00000000 00000000 00000009"
	  "9c400050 000003e8 000007d0 50182000 b3410000 64617461",
	  "ok data [2001:db8::1]:40000 > [2001:db8::9]:80 PSH-ACK seq 1000 ack 2000 win "
	  "8192 len 4 good" },
	{ "ipv6 routing, source route", 101, 0,
	  "60000000 00402b40 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 06040002 00000000 20010db8 00000000 00000000 00000007"
	  "20010db8 00000000 00000000 00000009 9c400050 000003e8 000007d0 50182000"
	  "b3410000 64617461",
	  "ok data [2001:db8::1]:40000 > [2001:db8::9]:80 PSH-ACK seq 1000 ack 2000 win "
	  "8192 len 4 good" },
	{ "ipv6 segment routing", 101, 0,
	  "60000000 00402b40 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 06040401 01000000 20010db8 00000000 00000000 00000009"
	  "20010db8 00000000 00000000 00000007 9c400050 000003e8 000007d0 50182000"
	  "b3410000 64617461",
	  "ok data [2001:db8::1]:40000 > [2001:db8::9]:80 PSH-ACK seq 1000 ack 2000 win "
	  "8192 len 4 good" },
	{ "ipv6 home address", 101, 0,
	  "60000000 00303c40 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 06020102 0000c910 20010db8 00000000 00000000 00000008"
	  "9c400050 000003e8 000007d0 50182000 b3410000 64617461",
	  "ok data [2001:db8::8]:40000 > [2001:db8::2]:80 PSH-ACK seq 1000 ack 2000 win "
	  "8192 len 4 good" },
	/* hop-by-hop, destination, atomic fragment, UDP */
	{ "ipv6 chain", 101, 0,
	  "60000000 00240040 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 3c000104 00000000 2c000104 00000000 11000000 00000007"
	  "13880035 000cb7e1 64617461",
	  UDP6 },
	{ "ipv6 ah", 101, 0,
	  "60000000 00303340 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 06040000 00000001 00000001 00000000 00000000 00000000"
	  "9c400050 000003e8 000007d0 50182000 b3480000 64617461",
	  TCP6 },
	{ "ipv6 mobility", 101, 0,
	  "60000000 00088740 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 3b000500 00000000",
	  "ok other 2001:db8::1 > 2001:db8::2" },
	{ "ipv6 no next header", 101, 0,
	  "60000000 00003b40 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002",
	  "ok other 2001:db8::1 > 2001:db8::2" },
	{ "ipv4 first fragment", 101, 0,
	  "4500002c 00072000 401146b8 0a000001 0a000002 13880035 07d01234 78787878"
	  "78787878 78787878 78787878",
	  "first-fragment datagram 10.0.0.1:5000 > 10.0.0.2:53 UDP 2000 len 16 unknown" },
	{ "ipv4 second fragment", 101, 0,
	  "4500001c 00070003 401166c5 0a000001 0a000002 79797979 79797979",
	  "fragment fragment 10.0.0.1 > 10.0.0.2 UDP at 24 len 8" },
	{ "ipv6 last fragment", 101, 0,
	  "60000000 00102c40 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 06000018 00000007 7a7a7a7a 7a7a7a7a",
	  "fragment fragment 2001:db8::1 > 2001:db8::2 TCP at 24 len 8" },
	/* segmentation offload: the length is left to the hardware */
	{ "ipv4 length 0", 101, 0,
	  "45000000 00010000 400666f5 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50182000 faba0000 64617461",
	  TCP4 },
	{ "ipv4 too long", 101, 0,
	  "450000c8 00010000 4006662d 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50182000 faba0000 64617461",
	  "malformed data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 "
	  "len 4 unknown: the IP header claims more bytes than the packet has" },
	{ "ipv4 short header", 101, 0,
	  "4400002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50182000 faba0000 64617461",
	  "malformed other: the IPv4 header length is below 20" },
	{ "ipv4 short total", 101, 0,
	  "4500000a 00010000 400666eb 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50182000 faba0000 64617461",
	  "malformed other: the IPv4 total length is below the header's" },
	{ "ip version 7", 101, 0,
	  "70000000 00000000 00000000 00000000 00000000 00000000 00000000 000000",
	  "malformed other: the IP version is neither 4 nor 6" },
	{ "sctp", 101, 0, "45000020 00010000 40846657 0a000001 0a000002 00000000 00000000 00000000",
	  "unsupported other 10.0.0.1 > 10.0.0.2 SCTP (IP protocol 132)" },
	{ "unknown protocol", 101, 0,
	  "45000020 00010000 40c86613 0a000001 0a000002 00000000 00000000 00000000",
	  "unsupported other 10.0.0.1 > 10.0.0.2 IP protocol 200" },
	{ 0 },
};

const Sample transport_samples[] = {
	/* TCP: flags, options, header lengths, checksums. */
	/* Flags [S], options [mss 1460,sackOK,TS val 5 ecr 0,nop,wscale 7] */
	{ "syn", 101, 0,
	  "4500003c 00010000 400666b9 0a000001 0a000002 9c400050 000003e8 00000000"
	  "a002ffff 93800000 020405b4 0402080a 00000005 00000000 01030307",
	  "ok syn 10.0.0.1:40000 > 10.0.0.2:80 SYN seq 1000 ack 0 win 65535 len 0 good mss "
	  "1460 sackOK ts 5/0 wscale 7" },
	/* Flags [SEW] */
	{ "syn ecn", 101, 0,
	  "45000028 00010000 400666cd 0a000001 0a000002 9c400050 000003e8 00000000"
	  "50c2ffff faa70000",
	  "ok syn 10.0.0.1:40000 > 10.0.0.2:80 SYN-ECE-CWR seq 1000 ack 0 win 65535 len 0 "
	  "good" },
	/* Flags [S], options [tfo cookie], with data */
	{ "syn fast open", 101, 0,
	  "45000038 00010000 400666bd 0a000001 0a000002 9c400050 000003e8 00000000"
	  "8002ffff bf750000 220a0102 03040506 07080101 64617461",
	  "ok syn 10.0.0.1:40000 > 10.0.0.2:80 SYN seq 1000 ack 0 win 65535 len 4 good tfo 8" },
	/* options [exp-tfo cookiereq] */
	{ "syn fast open experiment", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 00000000"
	  "6002ffff f3d40000 fe04f989",
	  "ok syn 10.0.0.1:40000 > 10.0.0.2:80 SYN seq 1000 ack 0 win 65535 len 0 good tfo 0" },
	{ "syn-ack", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "6012ffff df670000 02040218",
	  "ok syn-ack 10.0.0.1:40000 > 10.0.0.2:80 SYN-ACK seq 1000 ack 2000 win 65535 len "
	  "0 good mss 536" },
	{ "ack", 101, 0,
	  "45000028 00010000 400666cd 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50102000 d3890000",
	  "ok ack 10.0.0.1:40000 > 10.0.0.2:80 ACK seq 1000 ack 2000 win 8192 len 0 good" },
	/* options [nop,nop,TS val 5 ecr 6,nop,nop,sack 2 {3000:4000}{5000:6000}] */
	{ "sack", 101, 0,
	  "45000048 00010000 400666ad 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "d0102000 fdef0000 0101080a 00000005 00000006 01010512 00000bb8 00000fa0"
	  "00001388 00001770",
	  "ok ack 10.0.0.1:40000 > 10.0.0.2:80 ACK seq 1000 ack 2000 win 8192 len 0 good ts "
	  "5/6 sack 3000-4000,5000-6000" },
	{ "urgent", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50382000 fa970003 64617461",
	  "ok data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK-URG seq 1000 ack 2000 win 8192 len "
	  "4 good urg 3" },
	{ "fin", 101, 0,
	  "45000028 00010000 400666cd 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50112000 d3880000",
	  "ok fin 10.0.0.1:40000 > 10.0.0.2:80 FIN-ACK seq 1000 ack 2000 win 8192 len 0 good" },
	{ "fin with data", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50192000 fab90000 64617461",
	  "ok fin 10.0.0.1:40000 > 10.0.0.2:80 FIN-PSH-ACK seq 1000 ack 2000 win 8192 len 4 "
	  "good" },
	{ "rst", 101, 0,
	  "45000028 00010000 400666cd 0a000001 0a000002 9c400050 000003e8 00000000"
	  "50040000 fb650000",
	  "ok rst 10.0.0.1:40000 > 10.0.0.2:80 RST seq 1000 ack 0 win 0 len 0 good" },
	{ "rst-ack", 101, 0,
	  "45000028 00010000 400666cd 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50140000 f3850000",
	  "ok rst 10.0.0.1:40000 > 10.0.0.2:80 RST-ACK seq 1000 ack 2000 win 0 len 0 good" },
	/* null scan */
	{ "no flags", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50002000 fad20000 64617461",
	  "ok unusual 10.0.0.1:40000 > 10.0.0.2:80 none seq 1000 ack 2000 win 8192 len 4 good" },
	{ "syn-fin", 101, 0,
	  "45000028 00010000 400666cd 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50032000 d3960000",
	  "ok unusual 10.0.0.1:40000 > 10.0.0.2:80 FIN-SYN seq 1000 ack 2000 win 8192 len 0 "
	  "good" },
	{ "reserved bits", 101, 0,
	  "45000028 00010000 400666cd 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "5f102000 c4890000",
	  "ok ack 10.0.0.1:40000 > 10.0.0.2:80 ACK-AE-RES seq 1000 ack 2000 win 8192 len 0 "
	  "good" },
	/* options [mptcp dss] */
	{ "mptcp", 101, 0,
	  "45000030 00010000 400666c5 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "70102000 75770000 1e082001 00000001",
	  "ok ack 10.0.0.1:40000 > 10.0.0.2:80 ACK seq 1000 ack 2000 win 8192 len 0 good "
	  "mptcp 2" },
	{ "md5", 101, 0,
	  "45000040 00010000 400666b5 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "a0182000 96930000 01011312 00000000 00000000 00000000 00000000 64617461",
	  TCP4 " md5" },
	{ "other option", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "60102000 a7800000 1c040001",
	  "ok ack 10.0.0.1:40000 > 10.0.0.2:80 ACK seq 1000 ack 2000 win 8192 len 0 good "
	  "other" },
	{ "option past header", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "60102000 b9850000 010108ff",
	  "malformed ack 10.0.0.1:40000 > 10.0.0.2:80 ACK seq 1000 ack 2000 win 8192 len 0 "
	  "good broken: a TCP option runs past the header" },
	{ "option of wrong length", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "60022000 bc900000 02030500",
	  "malformed syn 10.0.0.1:40000 > 10.0.0.2:80 SYN seq 1000 ack 2000 win 8192 len 0 "
	  "good broken: a TCP option has a length that its kind cannot have" },
	{ "header length 16", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "40182000 0abb0000 64617461",
	  "malformed ack 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 "
	  "len 0 unknown: the TCP header length is below 20" },
	{ "header longer than segment", 101, 0,
	  "45000028 00010000 400666cd 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "80102000 a3890000",
	  "malformed ack 10.0.0.1:40000 > 10.0.0.2:80 ACK seq 1000 ack 2000 win 8192 len 0 "
	  "unknown: the packet ends within its TCP header" },
	{ "wrong checksum", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50182000 12340000 64617461",
	  "ok data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 len 4 bad" },
	/* only the pseudo-header's sum, as Linux leaves it for the hardware */
	{ "checksum not filled in", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50182000 14210000 64617461",
	  "ok data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 len 4 "
	  "not-filled" },
	{ "checksum not filled in, complement", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50182000 ebde0000 64617461",
	  "ok data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 len 4 "
	  "not-filled" },
	/* without the length: the hardware cuts the segment too */
	{ "checksum not filled in, large send", 101, 0,
	  "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	  "50182000 14090000 64617461",
	  "ok data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 len 4 "
	  "not-filled" },

	/* UDP: lengths and checksums of both IP versions. */
	{ "udp without checksum", 101, 0,
	  "45000020 00010000 401166ca 0a000001 0a000002 13880035 000c0000 64617461",
	  "ok datagram 10.0.0.1:5000 > 10.0.0.2:53 UDP 12 len 4 absent" },
	{ "udp ipv6 without checksum", 101, 0,
	  "60000000 000c1140 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 13880035 000c0000 64617461",
	  "ok datagram [2001:db8::1]:5000 > [2001:db8::2]:53 UDP 12 len 4 bad" },
	{ "udp shorter than ip", 101, 0,
	  "45000024 00010000 401166c6 0a000001 0a000002 13880035 000cff53 64617461"
	  "6d6f7265",
	  UDP4 },
	{ "udp longer than ip", 101, 0,
	  "45000020 00010000 401166ca 0a000001 0a000002 13880035 00280001 64617461",
	  "malformed datagram 10.0.0.1:5000 > 10.0.0.2:53 UDP 40 len 4 unknown: the UDP "
	  "length is more than the IP packet has" },
	{ "udp length 7", 101, 0,
	  "45000020 00010000 401166ca 0a000001 0a000002 13880035 00070001 64617461",
	  "malformed other 10.0.0.1:5000 > 10.0.0.2:53: the UDP length is below 8" },
	{ "udp empty", 101, 0, "4500001c 00010000 401166ce 0a000001 0a000002 13880035 0008d81e",
	  "ok datagram 10.0.0.1:5000 > 10.0.0.2:53 UDP 8 len 0 good" },

	/* ICMP errors quote what they are about. */
	/* ICMP 10.0.0.2 udp port 53 unreachable */
	{ "icmp port unreachable", 101, 0,
	  "4500003c 00010000 400166be 0a000001 0a000002 0303111d 00000000 45000020"
	  "00010000 401166ca 0a000002 0a000001 00351388 000cff53 64617461",
	  "ok icmp-error 10.0.0.1 > 10.0.0.2 ICMP 3/3 quotes UDP 10.0.0.2:53 > "
	  "10.0.0.1:5000 good" },
	/* only the 8 bytes of RFC 792 */
	{ "icmp time exceeded", 101, 0,
	  "45000038 00010000 400166c2 0a000001 0a000002 0b005487 00000000 4500002c"
	  "00010000 400666c9 0a000002 0a000001 00509c40 000003e8",
	  "ok icmp-error 10.0.0.1 > 10.0.0.2 ICMP 11/0 quotes TCP 10.0.0.2:80 > "
	  "10.0.0.1:40000 seq 1000 good" },
	{ "icmp fragmentation needed", 101, 0,
	  "45000038 00010000 400166c2 0a000001 0a000002 0304570b 00000578 4500002c"
	  "00010000 400666c9 0a000002 0a000001 00509c40 000003e8",
	  "ok icmp-error 10.0.0.1 > 10.0.0.2 ICMP 3/4 rest 1400 quotes TCP 10.0.0.2:80 > "
	  "10.0.0.1:40000 seq 1000 good" },
	/* ICMP echo request, id 1, seq 2 */
	{ "icmp echo", 101, 0,
	  "45000020 00010000 400166da 0a000001 0a000002 0800192c 00010002 70696e67",
	  "ok other 10.0.0.1 > 10.0.0.2 ICMP 8/0 rest 65538 good" },
	{ "icmp quotes a fragment", 101, 0,
	  "45000038 00010000 400166c2 0a000001 0a000002 0b010f19 00000000 4500001c"
	  "00010003 401166cb 0a000002 0a000001 79797979 79797979",
	  "ok other 10.0.0.1 > 10.0.0.2 ICMP 11/1 good" },
	{ "icmpv6 port unreachable", 101, 0,
	  "60000000 00443a40 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 0104f4cc 00000000 60000000 00143c40 20010db8 00000000"
	  "00000000 00000002 20010db8 00000000 00000000 00000001 11000104 00000000"
	  "00351388 000cb7e1 64617461",
	  "ok icmp-error 2001:db8::1 > 2001:db8::2 ICMPv6 1/4 quotes UDP [2001:db8::2]:53 > "
	  "[2001:db8::1]:5000 good" },
	{ "icmpv6 too big", 101, 0,
	  "60000000 00483a40 20010db8 00000000 00000000 00000001 20010db8 00000000"
	  "00000000 00000002 020036ce 00000500 60000000 00180640 20010db8 00000000"
	  "00000000 00000002 20010db8 00000000 00000000 00000001 00509c40 000003e8"
	  "000007d0 50182000 b3480000 64617461",
	  "ok icmp-error 2001:db8::1 > 2001:db8::2 ICMPv6 2/0 rest 1280 quotes TCP "
	  "[2001:db8::2]:80 > [2001:db8::1]:40000 seq 1000 good" },
	{ "icmp short", 101, 0, "45000018 00010000 400166e2 0a000001 0a000002 03030000",
	  "malformed other 10.0.0.1 > 10.0.0.2: the packet ends within its ICMP header" },

	/* Truncated: the wire had more than the capture kept. */
	{ "cut ethernet", 1, 60, MACS,
	  "truncated other: the packet ends within its Ethernet header" },
	{ "cut ipv4", 1, 58,
	  MACS "0800"
	       "4500002c 00010000 400666c9",
	  "truncated other: the packet ends within its IPv4 header" },
	{ "cut tcp ports", 1, 58,
	  MACS "0800"
	       "4500002c 00010000 400666c9 0a000001 0a000002 9c400050",
	  "truncated other 10.0.0.1:40000 > 10.0.0.2:80: the packet ends within its TCP "
	  "header" },
	{ "cut tcp checksum", 1, 58,
	  MACS "0800"
	       "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	       "50182000",
	  "truncated data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 "
	  "len 4 unknown: the packet ends within its TCP header" },
	{ "cut tcp options", 101, 56,
	  "45000038 00010000 400666bd 0a000001 0a000002 9c400050 000003e8 00000000"
	  "9002ffff a78e0000 020405b4",
	  "truncated syn 10.0.0.1:40000 > 10.0.0.2:80 SYN seq 1000 ack 0 win 65535 len 0 "
	  "unknown mss 1460: the packet ends within its TCP header" },
	/* Only the payload is cut: every header is there. */
	{ "cut payload", 1, 58,
	  MACS "0800"
	       "4500002c 00010000 400666c9 0a000001 0a000002 9c400050 000003e8 000007d0"
	       "50182000 faba0000 64",
	  "ok data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 len 4 "
	  "unknown" },
	/* the same bytes, but they are all that the wire had */
	{ "ends early", 1, 0,
	  MACS "0800"
	       "4500002c 00010000 400666c9 0a000001 0a000002 9c400050",
	  "malformed other 10.0.0.1:40000 > 10.0.0.2:80: the IP header claims more bytes "
	  "than the packet has" },
	{ "empty", 1, 0, "", "malformed other: the packet ends within its Ethernet header" },
	{ 0 },
};

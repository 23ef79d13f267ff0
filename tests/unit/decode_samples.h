/* SPDX-License-Identifier: MIT */
/* decode_samples.h - packets in hexadecimal, with what decoding them must tell. */
#pragma once

#include "pktladder/packet.h"

typedef struct {
	const char *name;
	guint16 link_type;
	guint32 length;    /* on the wire; 0: as many as there are */
	const char *hex;   /* blanks are for the eye */
	const char *tells; /* as facts_line() in test_decode.c puts it */
} Sample;

/* Each ends with a sample without a name. */
extern const Sample link_samples[], tunnel_samples[], ip_samples[], transport_samples[];

/* The packet; its bytes are a block of exactly their size, freed with g_free(). */
Packet sample_packet(const Sample *sample);

void sample_foreach(void (*visit)(const Sample *sample, gpointer data), gpointer data);

/* 02:00:00:00:00:01 > 02:00:00:00:00:02 */
#define MACS "02000000 00020200 00000001 "
/* IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1000:1004, ack 2000, win 8192, length 4 */
#define IPV4_TCP                                                                                   \
	"4500002c 00010000 400666c9 0a000001 0a000002 "                                            \
	"9c400050 000003e8 000007d0 50182000 faba0000 64617461 "
/* IP 10.0.0.1.5000 > 10.0.0.2.53: UDP, length 4 */
#define IPV4_UDP                                                                                   \
	"45000020 00010000 401166ca 0a000001 0a000002 "                                            \
	"13880035 000cff53 64617461 "
/* IP6 2001:db8::1.40000 > 2001:db8::2.80: Flags [P.], seq 1000:1004, ack 2000, win 8192 */
#define IPV6_TCP                                                                                   \
	"60000000 00180640 20010db8 00000000 "                                                     \
	"00000000 00000001 20010db8 00000000 00000000 00000002 "                                   \
	"9c400050 000003e8 000007d0 50182000 b3480000 64617461 "
/* IP6 2001:db8::1.5000 > 2001:db8::2.53: UDP, length 4 */
#define IPV6_UDP                                                                                   \
	"60000000 000c1140 20010db8 00000000 "                                                     \
	"00000000 00000001 20010db8 00000000 00000000 00000002 "                                   \
	"13880035 000cb7e1 64617461 "

/* What those tell. */
#define TCP4 "ok data 10.0.0.1:40000 > 10.0.0.2:80 PSH-ACK seq 1000 ack 2000 win 8192 len 4 good"
#define TCP6                                                                                       \
	"ok data [2001:db8::1]:40000 > [2001:db8::2]:80 PSH-ACK seq 1000 ack 2000 win 8192 len 4 " \
	"good"
#define UDP4 "ok datagram 10.0.0.1:5000 > 10.0.0.2:53 UDP 12 len 4 good"
#define UDP6 "ok datagram [2001:db8::1]:5000 > [2001:db8::2]:53 UDP 12 len 4 good"

/* layout.h - what a capture file says once about all its packets, so that each
 * can be read again from where its record is. Pure.
 *
 * The scanner fills it as it goes on through the file. Reference counted: what
 * fetches packets lives longer than what read them first.
 */
#pragma once

#include "pktladder/packet.h"

typedef struct _Layout Layout;

/* The longest record that has to be at hand for layout_decode(). */
#define LAYOUT_RECORD_MAX (262144 + 32)

Layout *layout_new(void);
Layout *layout_ref(Layout *layout);
void layout_unref(Layout *layout);

/* pcap: `header` is the 24 bytes before the packets, as they stand in the file; `fraction_ns` as
 * scanner_fraction_ns() has it. */
void layout_set_pcap(Layout *layout, const guint8 *header, gboolean swapped, guint record_size,
		     guint fraction_ns);

/* pcapng: in the order of the file. The last three speak of the newest interface. */
void layout_add_section(Layout *layout, guint64 offset, gboolean swapped);
void layout_add_interface(Layout *layout, guint16 link_type, guint32 snapshot_length);
void layout_set_resolution(Layout *layout, guint8 resolution);
void layout_set_time_offset(Layout *layout, gint64 seconds);

/* The link type that libpcap gave the file; those that differ are of their interfaces. */
void layout_set_link_type(Layout *layout, guint16 link_type);

/* pcap: how many bytes stand before the data of each packet; 0 for pcapng. */
guint layout_record_size(const Layout *layout);

/* FALSE where libpcap changes the bytes of packets on reading. */
gboolean layout_can_decode(const Layout *layout);

/* The packet whose record starts at `offset` of the file: `bytes` are those
 * from there on. FALSE with *wanted > n: that many are needed; else there is no
 * packet. `packet->data` points into `bytes`. */
gboolean layout_decode(const Layout *layout, guint64 offset, const guint8 *bytes, gsize n,
		       Packet *packet, gsize *wanted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Layout, layout_unref)

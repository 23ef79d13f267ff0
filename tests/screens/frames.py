# SPDX-License-Identifier: MIT
"""Captures made for a test: pcap files of TCP segments, byte by byte."""

import struct

NANO = 0xa1b23c4d
START = 1700000000  # 2023-11-14 22:13:20 UTC
ETHERNET = bytes.fromhex("020000000002" "020000000001" "0800")


def head(magic=NANO, order="<", link=1):
    """A pcap file's head; `order` as in struct."""
    return struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)


def record(seconds, fraction, data, order="<", length=None):
    """A packet's record; `length` on the wire where it was cut."""
    return struct.pack(order + "IIII", seconds, fraction, len(data),
                       len(data) if length is None else length) + data


def segment(number=0, payload=b"hello", flags=0x18, ports=(40000, 80), seq=None):
    """A TCP segment from 10.0.0.1 to 10.0.0.2; `number` of its kind."""
    seq = 1 + number * len(payload) if seq is None else seq
    tcp = struct.pack(">HHIIBBHHH", *ports, seq & 0xffffffff, 1, 0x50, flags, 65535, 0, 0)
    total = min(40 + len(payload), 65535)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, total, number & 0xffff, 0x4000, 64, 6, 0)
    return ETHERNET + ip + b"\x0a\0\0\1\x0a\0\0\2" + tcp + payload


def capture(times, **more):
    """Segments of one conversation at the given (seconds, nanoseconds)."""
    return head() + b"".join(record(*at, segment(number, **more))
                             for number, at in enumerate(times))


def plain(packets):
    """As many segments, a millisecond apart."""
    return capture((START + n // 1000, n % 1000 * 1000000) for n in range(packets))


def write_conversations(path, number):
    """`number` conversations of a SYN and its answer."""
    record_head, ports = struct.Struct("<IIII"), struct.Struct(">HHIIBBHHH")
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, 0, 0x4000, 64, 6, 0)
    server = b"\x0a\xff\0\1"
    with open(path, "wb") as file:
        file.write(head())
        parts = []
        for i in range(number):
            client, port = struct.pack(">I", 0x0a000000 + i // 50000), 1024 + i % 50000
            at = START + i // 1000, i % 1000 * 1000000
            parts += (record_head.pack(*at, 54, 54), ETHERNET, ip, client, server,
                      ports.pack(port, 80, i, 0, 0x50, 2, 65535, 0, 0),
                      record_head.pack(at[0], at[1] + 5000, 54, 54), ETHERNET, ip, server, client,
                      ports.pack(80, port, 77, i + 1, 0x50, 0x12, 65535, 0, 0))
            if len(parts) > 100000:
                file.write(b"".join(parts))
                parts = []
        file.write(b"".join(parts))

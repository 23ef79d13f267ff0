#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Differential fuzz: generated conversations through pktladder and tshark.

    fuzz.py --pktladder BUILD/pktladder --packets 100000 --seed 1

Each conversation is a small simulation of two ends and a lossy network that is
watched at one point, and then disturbed: segments are lost before or after that
point, doubled, reordered, changed. Sequence numbers start near the wrap as often
as not; windows are scaled or not, close and are probed; ports are used again;
idle ends send keep-alives; some conversations start midway, some are noise.
One seed gives one capture. Exit status as compare.py's.
"""

import argparse
import os
import random
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # the source tree stays as it is
import compare  # noqa: E402

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
MASK = 0xffffffff
LINKTYPE_RAW = 101


class Segment:
    """One TCP segment as it passes the point of capture."""

    def __init__(self, time, side, flags, seq, ack, window, length=0, options=b""):
        self.time, self.side, self.flags = time, side, flags
        self.seq, self.ack, self.window = seq & MASK, ack & MASK, window & 0xffff
        self.length, self.options = length, options
        self.is_fragment = False  # the first one, so that the segment's length is not known

    def copy(self, time):
        other = Segment(time, self.side, self.flags, self.seq, self.ack, self.window, self.length,
                        self.options)
        return other


def options_of(rng, scale):
    options = b"\x02\x04\x05\xb4"
    if scale is not None:
        options += struct.pack("!BBBB", 1, 3, 3, scale)
    if rng.random() < 0.3:
        options += b"\x01\x01\x04\x02"
    return options


class End:
    """One end of a connection: enough of a TCP to make lifelike numbers."""

    def __init__(self, rng):
        near_wrap = rng.random() < 0.5
        self.isn = (rng.choice([0, 0, 1, -1, -2]) - rng.randrange(20000) if near_wrap
                    else rng.getrandbits(32)) & MASK
        self.next = self.isn
        self.acked = 0
        self.window = rng.choice([65535, 64240, 8192, 512, 300, 1])
        self.scale = rng.choice([None, None, 0, 2, 7, 14, 15])
        self.fin_sent = False


class Conversation:
    """Produces the segments of one connection between two ends, in captured order."""

    def __init__(self, rng, start):
        self.rng, self.time = rng, start
        self.ends = [End(rng), End(rng)]
        self.rtt = rng.choice([20e-6, 300e-6, 2e-3, 15e-3, 80e-3])
        self.loss = rng.choice([0, 0, 0.02, 0.1, 0.25])
        self.out = []
        self.sent = []

    def wait(self, factor=1.0):
        self.time += self.rng.random() * self.rtt * factor

    def emit(self, side, flags, length=0, seq=None, ack=None, window=None, options=b""):
        end, peer = self.ends[side], self.ends[1 - side]
        segment = Segment(self.time, side, flags, end.next if seq is None else seq,
                          (peer.next if ack is None else ack) if flags & ACK else 0,
                          end.window if window is None else window, length, options)
        if seq is None:
            end.next = (end.next + length + (1 if flags & (SYN | FIN) else 0)) & MASK
            self.sent.append(segment)
        if self.rng.random() >= self.loss:
            self.out.append(segment)
            if self.rng.random() < 0.02:
                self.out.append(segment.copy(self.time + self.rng.random() * self.rtt))
        return segment

    def handshake(self):
        rng, (client, server) = self.rng, self.ends
        early = rng.choice([0, 0, 0, 0, 40])
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            seq = None if client.next == client.isn else client.isn
            self.emit(0, SYN, length=early if seq is None else 0, seq=seq,
                      options=options_of(rng, client.scale))
            self.time += rng.choice([0, self.rtt, 1.0])
        if rng.random() < 0.07:
            self.emit(1, RST | ACK, seq=0, window=0)
            return False
        if rng.random() < 0.04:  # both open at once
            self.emit(1, SYN, options=options_of(rng, server.scale))
            self.wait()
            self.emit(0, SYN | ACK, seq=client.isn, options=options_of(rng, client.scale))
        for _ in range(rng.choice([1, 1, 1, 2])):
            seq = None if server.next == server.isn else server.isn
            self.emit(1, SYN | ACK, seq=seq, options=options_of(rng, server.scale))
            self.wait()
        self.emit(0, ACK)
        if rng.random() < 0.05:  # a SYN-ACK of another server process
            server.isn = server.next = rng.getrandbits(32)
            self.emit(1, SYN | ACK, options=options_of(rng, server.scale))
        return True

    # What may happen while it is open; each takes the side that acts.

    def burst(self, side):
        lost = []
        for _ in range(self.rng.randrange(1, 6)):
            length = self.rng.choice([1, 2, 10, 100, 1448, 1448, 2896])
            before = len(self.out)
            segment = self.emit(side, ACK | (PSH if self.rng.random() < 0.5 else 0), length)
            if len(self.out) == before or self.rng.random() < self.loss:
                lost.append(segment)
            self.wait(0.1)
        if lost and self.rng.random() < 0.8:
            self.recover(side, lost)
        elif self.rng.random() < 0.9:
            self.acknowledge(side)

    def sack(self, side):
        """Now and then blocks beyond the hole, the first perhaps a duplicate's (RFC 2883)."""
        if self.rng.random() < 0.5:
            return b""
        count = self.rng.randrange(1, 5)
        blocks = b"\x01\x01" + struct.pack("!BB", 5, 2 + 8 * count)
        edge = self.ends[side].next - self.rng.choice([-100, 0, 100, 1448, 5000])
        for _ in range(count):
            length = self.rng.choice([1, 100, 1448])
            blocks += struct.pack("!II", (edge - length) & MASK, edge & MASK)
            edge -= length + self.rng.choice([0, 100, 1448])
        return blocks

    def acknowledge(self, side):
        self.wait()
        end = self.ends[side]
        ack = end.next
        if self.rng.random() < 0.1:
            ack -= self.rng.choice([1, 5, 100, 1448])
        options = self.sack(side) if self.rng.random() < 0.1 else b""
        self.emit(1 - side, ACK, ack=ack, options=options)

    def recover(self, side, lost):
        """Duplicate ACKs of the hole, then a retransmission, fast or late."""
        hole = lost[0]
        for _ in range(self.rng.randrange(0, 5)):
            self.wait(0.2)
            self.emit(1 - side, ACK, ack=hole.seq, options=self.sack(side))
        self.time += self.rng.choice([0, 1e-6, 1e-3, 2.9e-3, 3e-3, 19e-3, 20e-3, 21e-3, 0.25])
        for segment in lost:
            again = self.emit(side, segment.flags, segment.length, seq=segment.seq)
            again.length = segment.length
            self.wait(0.1)
        self.acknowledge(side)

    def resend(self, side):
        mine = [segment for segment in self.sent[-30:] if segment.side == side]
        if mine:
            old = self.rng.choice(mine)
            self.time += self.rng.choice([0, self.rtt, 1e-3, 3e-3, 20e-3, 0.2])
            length = max(0, old.length + self.rng.choice([0, 0, 0, -1, 1, 100]))
            self.emit(side, old.flags, length, seq=old.seq + self.rng.choice([0, 0, 0, 1, -1]))

    def keep_alive(self, side):
        for _ in range(self.rng.randrange(1, 4)):
            self.time += self.rng.choice([1, 15, 75])
            self.emit(side, ACK, self.rng.choice([0, 0, 1]), seq=self.ends[side].next - 1)
            self.wait()
            if self.rng.random() < 0.8:
                self.emit(1 - side, ACK)
            if self.rng.random() < 0.2:
                self.emit(1 - side, ACK)

    def close_window(self, side):
        """`side` reads nothing more for a while; the peer fills its window and probes."""
        end, peer = self.ends[side], self.ends[1 - side]
        end.window = self.rng.choice([1, 2, 40])
        self.emit(side, ACK)
        shift = end.scale if end.scale is not None and peer.scale is not None else 0
        self.emit(1 - side, ACK | PSH, min(end.window << min(shift, 14), 60000))
        self.wait()
        end.window = 0
        self.emit(side, ACK)
        for _ in range(self.rng.randrange(0, 4)):
            self.time += 0.2
            keep = peer.next
            self.emit(1 - side, ACK, 1, seq=self.rng.choice([keep, keep, keep - 1]))
            self.wait()
            if self.rng.random() < 0.8:
                self.emit(side, ACK, ack=self.rng.choice([keep, keep, keep + 1]))
        end.window = self.rng.choice([100, 1000, 65535])
        self.emit(side, ACK)

    def pure_acks(self, side):
        for _ in range(self.rng.randrange(1, 5)):
            if self.rng.random() < 0.3:
                self.ends[side].window = self.rng.choice([0, 1, 500, 501, 65535])
            self.emit(side, ACK)
            self.wait(0.3)

    def skip(self, side):
        """The capture misses what the end sends."""
        self.ends[side].next = (self.ends[side].next +
                                self.rng.choice([1, 100, 1448, 100000])) & MASK
        if self.rng.random() < 0.5:
            self.acknowledge(side)

    def odd(self, side):
        """Flags and numbers that no well-kept TCP sends."""
        rng, end = self.rng, self.ends[side]
        flags = rng.choice([0, FIN, SYN, SYN | FIN, RST, RST | ACK, ACK | URG, FIN | PSH | URG,
                            SYN | ACK, SYN | RST, 63, PSH])
        seq = rng.choice([end.next, end.next + rng.randrange(-3000, 3000), end.isn, 0,
                          rng.getrandbits(32)])
        ack = rng.choice([None, None, 0, rng.getrandbits(32)])
        self.emit(side, flags, rng.choice([0, 0, 1, 2, 500]), seq=seq, ack=ack,
                  window=rng.choice([0, None, 1000]),
                  options=options_of(rng, rng.choice([None, 3])) if rng.random() < 0.2 else b"")

    def fin(self, side):
        if not self.ends[side].fin_sent:
            self.ends[side].fin_sent = True
            self.emit(side, FIN | ACK, self.rng.choice([0, 0, 10]))
            if self.rng.random() < 0.8:
                self.acknowledge(side)

    def finish(self):
        how = self.rng.random()
        side = self.rng.randrange(2)
        if how < 0.6:
            self.fin(side)
            if self.rng.random() < 0.3:
                self.burst(1 - side)
            self.fin(1 - side)
        elif how < 0.8:
            self.emit(side, self.rng.choice([RST, RST | ACK]), window=0)
        if self.rng.random() < 0.1:
            self.resend(side)

    def run(self):
        rng = self.rng
        opened = True
        if rng.random() < 0.85:
            opened = self.handshake()
        else:  # the capture starts midway
            for end in self.ends:
                end.next = (end.next + 1) & MASK
        acts = [self.burst] * 8 + [self.pure_acks] * 3 + [self.resend] * 2 + [
            self.keep_alive, self.close_window, self.skip, self.odd]
        if rng.random() < 0.3:
            acts = [act for act in acts if act not in (self.odd, self.resend, self.skip)]
        for _ in range(rng.randrange(0, 25) if opened else 0):
            rng.choice(acts)(rng.randrange(2))
            self.time += rng.choice([0, self.rtt, 0.01, 0.5])
        if opened:
            self.finish()
        self.reorder()
        return self.out

    def reorder(self):
        """Some segments pass the point of capture later, so behind others."""
        for segment in self.out:
            if self.rng.random() < self.loss / 2:
                segment.time += self.rng.random() * self.rtt * 2


def noise(rng, start):
    """Random segments over few numbers, so that they meet each other."""
    base = rng.choice([0xfffffff0, 0, 1, 0x7ffffff0, rng.getrandbits(32)])
    out, time = [], start
    for _ in range(rng.randrange(2, 60)):
        time += rng.choice([0, 1e-6, 1e-3, 5e-3, 0.1])
        flags = rng.choice([ACK] * 8 + [PSH | ACK] * 4 + [FIN | ACK, RST, RST | ACK, SYN | ACK, 0,
                                                          SYN])
        out.append(Segment(time, rng.randrange(2), flags, base + rng.randrange(6),
                           base + rng.randrange(6), rng.choice([0, 0, 1, 4, 1000]),
                           rng.choice([0, 0, 0, 1, 1, 2, 3]),
                           options_of(rng, 1) if flags & SYN and rng.random() < 0.5 else b""))
    return out


# The capture ----------------------------------------------------------------

def tcp_bytes(segment, ports):
    options = segment.options + b"\x00" * (-len(segment.options) % 4)
    source, destination = ports if segment.side == 0 else ports[::-1]
    header = struct.pack("!HHIIBBHHH", source, destination, segment.seq, segment.ack,
                         (20 + len(options)) // 4 << 4, segment.flags, segment.window, 0, 0)
    return header + options


def ip_bytes(segment, addresses, ports, number):
    """Headers only; the lengths tell what the snap length has cut off."""
    source, destination = addresses if segment.side == 0 else addresses[::-1]
    header = tcp_bytes(segment, ports)
    length = len(header) + segment.length
    if len(source) == 4:
        flags = 0x2000 if segment.is_fragment else 0x4000  # more fragments, or do not
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, number & 0xffff, flags, 64, 6, 0)
        return ip + source + destination + header, 20 + length
    ip = struct.pack("!IHBB", 6 << 28, length, 6, 64)
    return ip + source + destination + header, 40 + length


def pair_of(rng, number):
    if rng.random() < 0.2:
        address = bytes.fromhex("fd00") + bytes(10) + struct.pack("!I", number + 1)
        addresses = (address, bytes.fromhex("fd01") + bytes(13) + b"\x01")
    else:
        addresses = (struct.pack("!I", 0x0a000000 + number + 1), b"\xc0\xa8\x00\x01")
    return addresses, (rng.randrange(1024, 65536), rng.choice([80, 443, 5001, 40000]))


def generate(rng, count):
    """(time, bytes, length on the wire) of at least `count` packets."""
    packets, number, start = [], 0, 1700000000.0
    while len(packets) < count:
        addresses, ports = pair_of(rng, number)
        number += 1
        time = start
        for _ in range(rng.choice([1, 1, 1, 2, 3])):  # the ports are used again
            segments = noise(rng, time) if rng.random() < 0.15 else Conversation(rng, time).run()
            for segment in segments:
                segment.is_fragment = rng.random() < 0.003
                data, length = ip_bytes(segment, addresses, ports, len(packets))
                packets.append((segment.time, data, length))
                time = max(time, segment.time)
            time += rng.choice([0, 0.001, 1.0])
            if rng.random() < 0.3:
                addresses, ports = addresses[::-1], ports[::-1]
        start += rng.random() * 0.05
    packets.sort(key=lambda packet: packet[0])
    return packets[:count]


def write_capture(path, packets, rng):
    """Nanosecond pcap. Now and then the clock goes back."""
    with open(path, "wb") as output:
        output.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, LINKTYPE_RAW))
        for time, data, length in packets:
            ns = round((time - 1700000000.0) * 1e9)
            if rng.random() < 0.01:
                ns -= rng.choice([1000, 1000000, 2000000, 30000000])
            ns = max(ns, 0) + 1700000000 * 10**9
            output.write(struct.pack("<IIII", ns // 10**9, ns % 10**9, len(data), length) + data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pktladder", required=True, help="the program")
    parser.add_argument("--packets", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="also write the capture here")
    options = parser.parse_args()
    compare.tshark_verdicts()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        path = options.keep or os.path.join(scratch, f"seed-{options.seed}.pcap")
        write_capture(path, generate(rng, options.packets), rng)
        command = [sys.executable, os.path.join(compare.HERE, "compare.py"), "--pktladder",
                   options.pktladder, "--need-every-verdict", path]
        print(f"seed {options.seed}, {options.packets} packets", flush=True)
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

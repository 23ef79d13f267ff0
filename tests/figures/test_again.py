#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_again.py - what is sent again, as the sender's kernel counts it and as the way saw it.

    test_again.py PROGRAM SOURCE [FIRST LAST]

Two kernels talk over a way that loses, delays and copies packets (two_ends.py), by the seeds FIRST
to LAST (1 to 3). In each end's own capture the segments called "sent again" are those whose bytes the
way had seen before, as many as tcpi_total_retrans; and the reports of D-SACK are as many as
tcpi_dsack_dups. In the other end's capture nothing is said that the way does not know to be so.
"""
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import two_ends  # noqa: E402

SKIPPED = 77
TRANSFER = {"sends": 8, "bytes": 33333, "pause": 0.003, "snap": 96, "info": True}
HEADERS = 80  # bytes, with all the options that there may be
IDS = 64
OTHER = {"client": "server", "server": "client"}


class Way:
    """Its log: per side, the packets in the order in which they were sent."""

    def __init__(self, seed, folder):
        self.chance = random.Random(seed)
        self.folder = folder
        self.sent = {"client": [], "server": []}

    def fate(self, side, _, packet):
        self.sent[side].append(packet[:HEADERS])
        if (self.folder / "client.info").exists():
            return [0]
        luck = self.chance.random()
        if luck < 0.04:
            return []
        if luck < 0.08:
            return [self.chance.uniform(0.001, 0.02)]
        return [0, self.chance.uniform(0, 0.02)] if luck < 0.11 else [0]

    def repeated(self, side):
        """The numbers, from 0, of the packets with bytes that an earlier one had."""
        seen, found, base = bytearray(1 << 20), set(), None
        for number, packet in enumerate(self.sent[side]):
            sequence, length, flags = segment(packet)
            base = sequence if base is None else base
            start = sequence - base & 0xffffffff
            if not 0 <= start < len(seen) or flags & 4:  # a keep-alive lies before it; RST
                continue
            if any(seen[start:start + length]):
                found.add(number)
            seen[start:start + length] = b"1" * length
        return found


def segment(packet):
    """Sequence number, length with SYN and FIN, flags."""
    header = (packet[0] & 15) * 4
    total, = struct.unpack_from("!H", packet, 2)
    sequence, = struct.unpack_from("!I", packet, header + 4)
    flags = packet[header + 13]
    return sequence, total - header - (packet[header + 12] >> 4) * 4 + bool(flags & 1) + bool(flags & 2), flags


def frames(capture):
    data, at = capture.read_bytes(), 24
    while at < len(data):
        length, = struct.unpack_from("<I", data, at + 8)
        yield data[at + 16:at + 16 + min(length, HEADERS)]
        at += 16 + length


def counted(folder, side):
    """tcpi_total_retrans, tcpi_dsack_dups, tcpi_snd_mss."""
    info = (folder / f"{side}.info").read_bytes()
    return [struct.unpack_from("I", info, offset)[0] for offset in (100, 216, 16)]


def told(program, capture):
    """Of each packet of the capture: who sent it, its bytes, what is plainly said of it."""
    done = subprocess.run([program, "figure", capture, "--format", "json"], capture_output=True, check=True)
    plain = {row["packet"]["frame"]: (row["from"], row["packet"]["plain"])
             for row in json.loads(done.stdout)["rows"] if "packet" in row}
    return [(("client", "server")[plain[number][0]], packet, set(plain[number][1]))
            for number, packet in enumerate(frames(capture), 1)]


def option(packet, kind):
    """The first two numbers of a TCP option."""
    at = (packet[0] & 15) * 4 + 20
    while packet[at] != kind:
        at += 1 if packet[at] == 1 else packet[at + 1]
    return struct.unpack_from("!II", packet, at + 2)


def taken(packets):
    """Those ACKs that Linux looks at: an older TSval than the latest is dropped by more than a tick
    (PAWS, RFC 7323 5), but on a duplicate ACK that leaves the window (tcp_disordered_ack())."""
    newest = highest = window = 0
    for packet in packets:
        value = option(packet, 8)[0]
        ack, = struct.unpack_from("!I", packet, (packet[0] & 15) * 4 + 8)
        announced, = struct.unpack_from("!H", packet, (packet[0] & 15) * 4 + 14)
        late = newest - value > 1
        if late and (ack != highest or announced > window):
            continue
        newest, highest, window = max(newest, value), max(highest, ack), window if late else announced
        yield packet


def check_own(way, folder, side, rows):
    """Where the side's packets are captured as they are sent."""
    own = [(packet, plain) for sender, packet, plain in rows if sender == side]
    assert [packet for packet, _ in own] == way.sent[side], f"{side}: the capture has not what was sent"
    again = {number for number, (_, plain) in enumerate(own) if "sent_again" in plain}
    repeated = way.repeated(side)
    retransmitted, dsacks, mss = counted(folder, side)
    assert again == repeated, f"{side}: packets {sorted(again ^ repeated)} of the way"
    assert len(again) == retransmitted, f"{side}: {len(again)} sent again, the kernel says {retransmitted}"
    others = [plain for _, plain in own if plain & {"overtaken", "sent_again_or_overtaken", "same_packet"}]
    assert not others, f"{side}: {others} where it is sent"
    twice = 0
    twice_told = [packet for sender, packet, plain in rows if sender == OTHER[side] and "came_twice" in plain]
    for packet in taken([packet for sender, packet, _ in rows if sender == OTHER[side]]):
        if packet in twice_told:
            left, right = option(packet, 5)
            twice += -(-(right - left & 0xffffffff) // mss)
    assert twice == dsacks, f"{side}: {twice} D-SACKs, the kernel says {dsacks}"
    return len(again), twice


def check_other(way, side, rows):
    """Where they arrive."""
    number = {packet: at for at, packet in enumerate(way.sent[side])}
    repeated, arrived, unproved = way.repeated(side), [], 0
    for frame, (sender, packet, plain) in enumerate(rows, 1):
        if sender != side:
            continue
        at = number[packet]
        copy = at in arrived and segment(packet)[1] > 0
        where = f"{side}: packet {at} of {len(number)} is said to be {plain}, frame {frame}"
        assert at in arrived or "same_packet" not in plain, where
        # So many IP ids are remembered, and the SYN-ACK's is 0; else a copy is one of the unproved.
        known = max(arrived, default=0) - at < IDS and packet[4:6] != b"\0\0"
        assert not copy or "same_packet" in plain or not known and "sent_again" not in plain, where
        assert "sent_again" not in plain or at in repeated, where
        assert "overtaken" not in plain or max(arrived) > at, where
        unproved += "sent_again_or_overtaken" in plain
        arrived.append(at)
    return unproved


def transfer(program, seed):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        way = Way(seed, folder)
        captures = dict(zip(("client", "server"), two_ends.record(folder, 0.005, answer=TRANSFER, fate=way.fate)))
        rows = {side: told(program, capture) for side, capture in captures.items()}
        words = []
        for side in captures:
            again, twice = check_own(way, folder, side, rows[side])
            unproved = check_other(way, side, rows[OTHER[side]])
            words.append(f"{side} {len(way.sent[side])} packets, {again} sent again, {twice} D-SACKs, "
                         f"{unproved} unproved at the other end")
        return "; ".join(words)


def main():
    program, first, last = sys.argv[1], *(int(number) for number in sys.argv[3:5] or (1, 3))
    lacking = two_ends.missing()
    if lacking:
        print(f"skipped: {lacking}")
        return SKIPPED
    failed = 0
    for seed in range(first, last + 1):
        began = time.monotonic()
        try:
            print(f"seed {seed}: {transfer(program, seed)} ({time.monotonic() - began:.1f} s)", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"seed {seed} FAILED: {error}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

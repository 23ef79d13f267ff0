#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a hostile recording costs grows with its size and not with the square of it:
instructions, by callgrind, of recordings of one, two and four parts.

    growth.py BENCH-GROWTH

Exit status: 0, 1 where some cost grows faster, 77 without valgrind."""
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

PARTS = 150
# From two parts to four against from one to two: 2 where it is linear, 4 where it is a square.
MOST = 2.15
A, B = b"\x0a\0\0\x01", b"\x0a\0\0\x02"


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


class Recording:
    def __init__(self):
        self.us = 1700000000 * 10**6
        self.blocks = [block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)),
                       block(1, struct.pack("<HHI", 101, 0, 0))]

    def call(self, number, phase="entry", name="recv", more="", thread=None):
        time = f"{self.us // 10**6}.{self.us % 10**6 * 1000:09}"
        return option(1, (f"pktladder: x | v=1 t={time} id={number} phase={phase} role=client call={name} "
                          f"pid={thread or number} tid={thread or number} fd=3 transport=tcp ip=4 state=1 socket={number:x} {more}"
                          ).strip().encode())

    def packet(self, calls=b"", source=A, target=B, ports=(1000, 53), seq=1, ack=1, flags=0x18, data=b"x"):
        self.us += 1
        tcp = struct.pack(">HHIIBBHHH", *ports, seq, ack, 0x50, flags, 1000, 0, 0) + data
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, source, target)
        self.blocks.append(block(6, struct.pack("<IIIII", 0, self.us >> 32, self.us & 0xffffffff, len(ip + tcp),
                                                len(ip + tcp)) + ip + tcp + b"\0" * (-len(ip + tcp) % 4) + calls +
                                 option(0, b"")))


def address(number):
    return struct.pack(">I", 0x0b000000 + number)


def dotted(number):
    return ".".join(map(str, address(number)))


def never_return(recording, n):
    for i in range(n):
        recording.packet(b"".join(recording.call(8 * i + k) for k in range(1, 9)), seq=i + 1)


def never_return_on_many_rows(recording, n):
    for i in range(6 * n):
        recording.packet(recording.call(i + 1), seq=i + 1)


def return_in_order(recording, n):
    """All are there at once, and the first one comes back first."""
    for i in range(n):
        recording.packet(b"".join(recording.call(8 * i + k) for k in range(1, 9)))
    for i in range(n):
        recording.packet(b"".join(recording.call(8 * i + k, "return", more="result=1") for k in range(1, 9)))


def waits_at_once(recording, n):
    """One thread's, which found something: nothing of them stays on the ladder."""
    recording.packet(b"".join(recording.call(k, phase, "poll", more, thread=1) for k in range(1, 8 * n)
                              for phase, more in (("entry", ""), ("return", "result=1"))))


def conversations(recording, n):
    """Each with a socket that named it before, and a call that never returns."""
    for i in range(n):
        recording.packet(recording.call(i + 1, name="connect", more=f"local={dotted(i)}:1000 peer=10.0.0.2:53"),
                         source=address(i), flags=2, data=b"")


def strangers(recording, n):
    """Sockets that wait for conversations which never come, among as many that do."""
    for i in range(n):
        recording.packet(recording.call(i + 1, name="connect", more="local=12.0.0.1:1000 peer=10.0.0.2:53"),
                         source=address(i), flags=2, data=b"")


def by_turns(recording, n):
    for i in range(n):
        recording.packet(ports=(1000 + i % 2, 53), seq=i // 2 + 1)


def acks_of_nothing(recording, n):
    recording.packet(seq=0, flags=2, data=b"")
    recording.packet(source=B, target=A, ports=(53, 1000), seq=0, flags=0x12, data=b"")
    for i in range(n):
        recording.packet(seq=100000 + 2 * i)
    for i in range(n):
        recording.packet(source=B, target=A, ports=(53, 1000), seq=1, ack=2 + i, flags=0x10, data=b"")


CASES = (
    (never_return, "text"),
    (never_return, "fold"),
    (never_return, "screen"),
    (never_return, "html"),
    (never_return, "svg 20"),
    (never_return_on_many_rows, "svg 1"),  # a page each
    (never_return, "mermaid"),
    (never_return, "tikz"),
    (return_in_order, "fold"),
    (waits_at_once, "text"),
    (conversations, "text all"),
    (conversations, "plantuml all"),
    (strangers, "read"),
    (strangers, "markdown all"),
    (by_turns, "html"),
    (acks_of_nothing, "read"),
)


def instructions(program, what, make, n, folder):
    recording, path = Recording(), pathlib.Path(folder, "recording.pcapng")
    make(recording, n)
    path.write_bytes(b"".join(recording.blocks))
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/costs", program, path,
                           *what.split()], check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def main():
    if not shutil.which("valgrind"):
        print("SKIPPED: there is no valgrind here, so that no cost was counted", file=sys.stderr)
        return 77
    failed = False
    for make, what in CASES:
        with tempfile.TemporaryDirectory() as folder:
            one, two, four = (instructions(sys.argv[1], what, make, PARTS * parts, folder)
                              for parts in (1, 2, 4))
        growth = (four - two) / (two - one)
        failed |= growth > MOST
        print(f"{make.__name__}, {what}: {one}, {two}, {four} instructions: {growth:.2f} times, "
              f"at most {MOST}{' <--' if growth > MOST else ''}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

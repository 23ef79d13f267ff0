#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Captures whose numbers are the smallest and largest that fit, through every
command and format: each is told, without a crash, a sanitizer's finding or a hang.
Times are in any order and farther apart than 64 bits with a sign hold; calls have
any size, result and descriptor; sequence numbers jump.

  extremes.py PKTLADDER
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
SECONDS = 10**9
LATEST = 2**63 - 1
EARLIEST_S = -(2**63 // SECONDS)  # whole seconds: pcapng has them as an interface's offset

TIMES = {
    "back-and-forth": (0, LATEST, 5, LATEST - 1, 1, 0),
    "from-the-earliest": (EARLIEST_S * SECONDS, -1, LATEST, EARLIEST_S * SECONDS, 0, LATEST),
    "latest": (LATEST,) * 6,
    "before-1970": (-5 * SECONDS - 1, -SECONDS, -999, 0, 999, SECONDS),
}
LEAST, MOST = -2**63, 2**63 - 1
CALLS = (
    "entry role=client call=send pid={0} tid={0} fd=2147483647 size={1} socket=1 local=10.0.0.1:1000 "
    "peer=10.0.0.2:53",
    "return role=client call=send pid={0} tid={0} fd=-2147483648 size={1} result={2} socket=1",
    "entry role=server call=poll pid={0} tid={0} fd=-1 size={2} socket=ffffffffffffffff",
    "return role=server call=poll pid={0} tid={0} fd=-1 size={2} result={2} socket=ffffffffffffffff",
)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def interface(offset_s):
    options = option(9, b"\x09") + option(14, struct.pack("<q", offset_s)) + option(0, b"")
    return block(1, struct.pack("<HHI", 101, 0, 0) + options)


def segment(number):
    ends = [(b"\x0a\0\0\x01", 1000), (b"\x0a\0\0\x02", 53)]
    (source, sport), (target, dport) = ends if number % 2 == 0 else ends[::-1]
    seq, ack = (0, 0xffffffff, 0x7fffffff, 0x80000000, 1, 0xfffffffe)[number % 6], number * 0x2aaaaaaa
    flags = (2, 0x12, 0x10, 0x18, 0x11, 0x14)[number % 6]
    data = b"x" * (0 if number < 2 else 5)
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(data), number, 0, 64, 6, 0, source, target) + \
        struct.pack(">HHIIBBHHH", sport, dport, seq, ack & 0xffffffff, 0x50, flags, 65535, 0, 0) + data


def comment(number, calls):
    """Of every second packet a call: its time is any that a comment may have."""
    if not calls or number % 2:
        return b""
    text = CALLS[number // 2 % 4].format(number, (MOST, LEAST)[number % 4 // 2], (LEAST, MOST)[number // 4 % 2])
    when = ("0.000000000", "9223372035.999999999", "1.000000000")[number // 2 % 3]
    return option(1, f"pktladder: x | v=1 t={when} id={number // 4 + 1} phase={text} transport=tcp ip=4 "
                     f"state=1".encode())


def capture(path, times, calls):
    blocks = [block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)), interface(0),
              interface(EARLIEST_S)]
    for number, time in enumerate(times * 2):
        late = 0 if time >= 0 else 1  # which interface
        ticks = time - (EARLIEST_S * SECONDS if late else 0)
        bytes_ = segment(number)
        blocks.append(block(6, struct.pack("<IIIII", late, ticks >> 32, ticks & 0xffffffff, len(bytes_),
                                           len(bytes_)) + bytes_ + b"\0" * (-len(bytes_) % 4) +
                            comment(number, calls) + option(0, b"")))
    path.write_bytes(b"".join(blocks))


def formats():
    listed = subprocess.run([PROGRAM, "figure", "--format", "help", "x"], capture_output=True, text=True)
    names = [line.split()[0] for line in listed.stdout.split("\n\n")[0].splitlines()]
    return [name for name in names if name not in ("pdf", "png", "xpl")]


def commands(path, out):
    for form in ("table", "tsv", "json"):
        yield ["list", path, "--format", form, "--sort", "-duration"]
    for time in ("start", "utc", "local"):
        yield ["replay", path, "--text", "--time", time, "--width", "120"]
        yield ["replay", path, "--text", "--time", time, "--width", "24", "--spacing", "auto", "--fold"]
    yield ["replay", path, "--text", "--show", "time > 1 and not time < 0.5"]
    yield ["replay", path, "--text", "--play", "--speed", "even:10"]
    for form in formats():
        for time in ("delta", "utc"):
            yield ["figure", path, "--format", form, "--time", time, "-o", out]
    for form in ("svg", "html"):
        yield ["figure", path, "--format", form, "--spacing", "time", "--slant", "schematic", "-o", out]
    yield ["figure", path, "--format", "json", "--from", "0", "--to", "4294967295", "-o", out]
    for kind in ("sequence", "rtt", "throughput", "flight"):
        for side in ("client", "server"):
            plot = ["figure", path, "--conversations", "0", "--plot", kind, "--direction", side, "-o", out]
            yield plot + ["--format", "svg"]
            yield plot + ["--format", "svg", "--from", "4294967295", "--width", "300"]
            if kind == "sequence":
                yield plot + ["--format", "xpl"]


def main():
    problems, runs = [], 0
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "out")
        for name, times in TIMES.items():
            for calls in (False, True):
                path = pathlib.Path(folder, f"{name}{'-calls' if calls else ''}.pcapng")
                capture(path, times, calls)
                for command in commands(path, out):
                    runs += 1
                    what = f"{path.name}: {' '.join(map(str, command[0:1] + command[2:]))}"
                    try:
                        done = subprocess.run([PROGRAM, *command], stdin=subprocess.DEVNULL,
                                              capture_output=True, timeout=20)
                    except subprocess.TimeoutExpired:
                        problems.append(f"{what}: takes longer than 20 s")
                        continue
                    error = done.stderr.decode(errors="replace")
                    if done.returncode != 0 or "runtime error" in error or "CRITICAL" in error:
                        problems.append(f"{what}: exit status {done.returncode}: {error[:300]}")
    print("\n".join(problems))
    print(f"{runs} runs, {len(problems)} problems")
    return bool(problems) or runs < 100


if __name__ == "__main__":
    sys.exit(main())

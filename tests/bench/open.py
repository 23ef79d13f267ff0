#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens a capture on a pseudo-terminal: how soon the first frame is there, how
much memory a packet takes above an empty start, and how much CPU an idle view
of the loaded file uses.

  open.py PKTLADDER FILE PACKETS

Fails where the first frame takes over 100 ms, a packet over 40 bytes, or the
idle view any CPU at all.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time

program, path, packets = sys.argv[1], sys.argv[2], int(sys.argv[3])


def start(name):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execv(program, [program, "replay", name])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    return pid, fd


def read_until(fd, seconds, wanted=None):
    """Reads what the terminal is sent; TRUE once `wanted` is in it."""
    end, seen = time.monotonic() + seconds, b""
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.02)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:  # its program has ended
                return False
            if wanted and wanted in seen:
                return True
    return False


def peak(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(next(l for l in status if l.startswith("VmHWM")).split()[1]) * 1024


def cpu(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return sum(map(int, stat.read().rpartition(")")[2].split()[11:13]))


def end(pid, fd):
    os.write(fd, b"q")
    read_until(fd, 0.3)
    os.close(fd)
    os.waitpid(pid, 0)


with tempfile.NamedTemporaryFile(suffix=".pcap") as empty:
    empty.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, 1))
    empty.flush()
    pid, fd = start(empty.name)
    read_until(fd, 1)
    base = peak(pid)
    end(pid, fd)

frames = []
for _ in range(5):
    begin = time.monotonic()
    pid, fd = start(path)
    if not read_until(fd, 10, "SYN seq=0".encode()):
        sys.exit("no ladder came")
    frames.append((time.monotonic() - begin) * 1000)
    if len(frames) < 5:
        end(pid, fd)
begin = time.monotonic()
while time.monotonic() < begin + 120 and not read_until(fd, 0.5, b" END"):
    pass
read_until(fd, 1)
memory = (peak(pid) - base) / packets
before = cpu(pid)
read_until(fd, 5)
idle = cpu(pid) - before
end(pid, fd)
print(f"first frame: median {sorted(frames)[2]:.0f} ms, longest {max(frames):.0f} ms; "
      f"memory: {memory:.1f} bytes a packet above an empty start; "
      f"idle: {idle} clock ticks in 5 s")
sys.exit(sorted(frames)[2] > 100 or memory > 40 or idle > 0)

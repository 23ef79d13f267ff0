#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Loss at the rate at which tcpdump loses nothing.

  live.py PKTLADDER BENCH-SEND [SECONDS [REPETITIONS]]

In a private network, so that nothing else is on its loopback interface: finds by
bisection the highest rate of small datagrams at which `tcpdump -w /dev/null`
loses nothing for SECONDS (3); then, by turns, runs tcpdump and
`pktladder live -w FILE` on a terminal, its drawing read as it comes, at all of
that rate, at 80 % and at 50 %, REPETITIONS (5) times each. A loss is what the
kernel's counter says or what is missing in the file. Fails where pktladder loses
packets at a share of the rate at which tcpdump loses none; where tcpdump, too,
loses some at 80 % or less, the machine was too busy to tell: then nothing is
shown, which is no success either (exit status 2). The same where the sender did
not reach the rate that was asked for.
"""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

PORT, BYTES = 9999, 100
HIGHEST, STEPS = 1000000, 7
REACHED = 0.98  # so much of the wanted packets has to be sent for a rate to count


def send(rate):
    """Sends for SECONDS; (packets sent, packets that were wanted)."""
    done = subprocess.run([SEND, str(PORT), str(int(rate)), str(SECONDS), str(BYTES)],
                          capture_output=True, check=True)
    return tuple(map(int, done.stdout.split()))


def tcpdump(rate):
    """(sent, wanted, lost)"""
    with subprocess.Popen(["tcpdump", "-Z", "root", "-n", "-i", "lo", "-w", "/dev/null", f"udp port {PORT}"],
                          stderr=subprocess.PIPE) as process:
        if not any(b"listening" in line for line in process.stderr):
            sys.exit("tcpdump cannot capture here: run this as root")
        sent, wanted = send(rate)
        time.sleep(1.5)  # it is woken once a second
        process.send_signal(signal.SIGINT)
        text = process.stderr.read().decode()
    captured = int(re.search(r"(\d+) packets? captured", text).group(1))
    dropped = int(re.search(r"(\d+) packets? dropped by kernel", text).group(1))
    return sent, wanted, max(dropped, sent - captured)


def packets_in(path):
    """The enhanced packet blocks of a pcapng file."""
    with open(path, "rb") as file:
        content = file.read()
    at = count = 0
    while at + 12 <= len(content):
        kind, length = struct.unpack_from("<II", content, at)
        count += kind == 6
        at += length
    return count


def pktladder(rate):
    """(sent, wanted, lost)"""
    path = os.path.join(FOLDER, "live.pcapng")
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.execv(PROGRAM, [PROGRAM, "live", "-i", "lo", "-w", path, f"udp port {PORT}"])
    seen = []

    def drain():
        while True:
            try:
                if select.select([fd], [], [], 0.1)[0]:
                    seen.append(os.read(fd, 65536))
            except OSError:
                return
    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    end = time.monotonic() + 10
    while b"live" not in b"".join(seen):
        if time.monotonic() > end:
            sys.exit(f"pktladder did not start: {b''.join(seen)[-500:]}")
        time.sleep(0.05)
    sent, wanted = send(rate)
    time.sleep(1)
    os.write(fd, b"q")
    os.waitpid(pid, 0)
    reader.join(5)
    os.close(fd)
    told = re.findall(rb"(\d+) packets? (?:was|were) lost", b"".join(seen)[-2000:])
    missing = sent - packets_in(path)
    return sent, wanted, max([missing, *map(int, told)])


def clean(run, rate):
    """Whether nothing is lost at the rate, which the machine does reach."""
    sent, wanted, lost = run(rate)
    print(f"  {rate:8.0f}/s: sent {sent} of {wanted}, tcpdump lost {lost}", flush=True)
    return lost == 0 and sent >= REACHED * wanted


def highest_rate():
    low, high = 1000, HIGHEST
    for _ in range(STEPS):
        middle = (low * high) ** 0.5
        if clean(tcpdump, middle):
            low = middle
        else:
            high = middle
    return low


def main():
    best = highest_rate()
    print(f"tcpdump -w /dev/null loses nothing at {best:.0f} packets/s")
    print("share  program    packets/s sent  runs with a loss  lost packets of those sent")
    failed = unclear = False
    for share in (1, 0.8, 0.5):
        runs = {tcpdump: [], pktladder: []}
        for _ in range(REPETITIONS):
            for program, results in runs.items():
                results.append(program(best * share))
        lost = {program: sum(r[2] for r in results) for program, results in runs.items()}
        for program, results in runs.items():
            sent, wanted = (sum(r[i] for r in results) for i in (0, 1))
            print(f"{share:5.0%}  {program.__name__:9}  {sent / (SECONDS * len(results)):14.0f}"
                  f"  {sum(r[2] > 0 for r in results):10} of {len(results)}"
                  f"  {lost[program]} of {sent}", flush=True)
            unclear |= sent < REACHED * wanted
        failed |= lost[pktladder] > 0 and lost[tcpdump] == 0
        unclear |= share < 1 and lost[tcpdump] > 0
    if unclear:
        print("Nothing is shown by this: tcpdump lost packets, too, or the rate was not reached.")
    return 1 if failed else 2 if unclear else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if os.environ.get("PKTLADDER_BENCH_INSIDE") is None:
        os.environ["PKTLADDER_BENCH_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "-n" if os.geteuid() == 0 else "-rn", sys.executable,
                              *sys.argv])
    PROGRAM, SEND = map(os.path.abspath, sys.argv[1:3])
    SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 3
    REPETITIONS = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    FOLDER = tempfile.mkdtemp(prefix="pktladder-live-")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    try:
        sys.exit(main())
    finally:
        shutil.rmtree(FOLDER)

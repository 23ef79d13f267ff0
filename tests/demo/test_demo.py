#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs both demos as an ordinary user and holds what is drawn against the
tables of the lecture notes and against what tshark decodes from the recording;
and one run's ladder against another's, however the calls are let go.

  test_demo.py PKTLADDER
"""
import pathlib
import re
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "screens"))
from common import Ladder, check, need, ordinary_user, run, skip_part, work_folder  # noqa: E402
from tmux import Terminal, available  # noqa: E402

PROGRAM = sys.argv[1]
# The calls of the two tables in the lecture notes that this program is to draw: the server's, the
# client's, in their order.
TCP = (["socket", "bind", "listen", "accept", "recv", "send", "recv", "close"],
       ["socket", "connect", "send", "recv", "close"])
UDP = (["socket", "bind", "recvfrom", "sendto"], ["socket", "bind", "sendto", "recvfrom"])
RUNS = 3  # of each way to let calls go: all are the same ladder
FLAGS = {"SYN": 2, "FIN": 1, "RST": 4, "ACK": 16}


def tshark(path):
    """(direction, label beginning) of each packet, in the ladder's words."""
    fields = ["ip.src", "tcp.srcport", "tcp.flags", "tcp.len", "tcp.seq", "tcp.ack", "udp.srcport", "udp.length"]
    done = subprocess.run(["tshark", "-r", path, "-T", "fields"] + sum((["-e", f] for f in fields), []),
                          capture_output=True, text=True, check=True)
    packets, client = [], None
    for line in done.stdout.splitlines():
        _, source, flags, length, seq, ackno, udp, udp_length = line.split("\t")
        client = client or source or udp
        direction = ">" if (source or udp) == client else "<"
        if udp:
            packets.append((direction, f"datagram {int(udp_length) - 8} B"))
            continue
        names = [name for name, bit in FLAGS.items() if int(flags, 16) & bit]
        label = "data" if names == ["ACK"] and length != "0" else "-".join(names)
        if length != "0":
            label += f" {length} B"
        if label != "ACK":
            label += f" seq={seq}"
        if "ACK" in names:
            label += f" ack={ackno}"
        packets.append((direction, label))
    return packets


def order(ladder, *steps):
    """Each step is found after the one before it."""
    at = -1
    for step in steps:
        try:
            at = ladder.sequence.index(step, at + 1)
        except ValueError:
            raise AssertionError(f"{step} does not come after {steps[:steps.index(step)]} in "
                                 f"{ladder.sequence}") from None


def demo(name, table, folder):
    recording = folder / f"{name}.pcapng"
    text = run(PROGRAM, "demo", name, "--text", "--width", 200, "-w", recording).stdout.decode()
    print(text)
    ladder = Ladder(text)
    server, client = table
    check(ladder.calls("server") == server, f"server: {ladder.calls('server')}, notes: {server}")
    check(ladder.calls("client") == client, f"client: {ladder.calls('client')}, notes: {client}")
    seen = tshark(recording)
    check(ladder.arrows() == seen, f"drawn {ladder.arrows()}, tshark {seen}")
    check("checksum" not in text.lower(), "an offloaded checksum is drawn as an error")
    for width in (60, 80, 100, 200):
        live = text if width == 200 else None
        again = run(PROGRAM, "replay", recording, "--text", "--width", width).stdout.decode()
        check(again.count("\n") == text.count("\n"), f"{width} columns have other rows")
        check(live is None or live == again, "the replay differs from the live ladder")
    return ladder


def stepped(name, recording):
    """Each press of the space bar lets one call go; the first ones are pressed ahead."""
    with Terminal(columns=120, rows=40) as terminal:
        terminal.start(shlex.join(map(str, [*ordinary_user(), PROGRAM, "demo", name, "--step", "-w", recording])))
        while not recording.exists() or b"exit()" not in recording.read_bytes():
            terminal.keys("Space")
            terminal.rest()
        terminal.keys("q")
        terminal.wait(lambda: not terminal.program(), "the end")


def same(name, folder):
    """Runs the demo in each way several times; their ladders differ in times only."""
    recording, ladders = folder / "again.pcapng", {}
    ways = {"text": [], "--pace": ["--pace", 60]} | ({"--step": None} if available() else {})
    if "--step" not in ways:
        skip_part("there is no tmux here, --step was not tried")
    for way, words in list(ways.items()) * RUNS:
        recording.unlink(missing_ok=True)
        if words is None:
            stepped(name, recording)
        else:
            run(PROGRAM, "demo", name, "--text", "-w", recording, *words)
        text = run(PROGRAM, "replay", recording, "--text", "--width", 200).stdout.decode()
        rows = [re.sub(r"^ *[\d.]+ +(\+[\d.]+)? *", "", row) for row in text.splitlines()]
        ladders.setdefault("\n".join(rows), []).append(way)
    check(len(ladders) == 1, "\n\n".join(f"{ways}:\n{rows}" for rows, ways in ladders.items()))


need("tshark")
folder = work_folder()
tcp = demo("tcp", TCP, folder)
syn, data = (">", "SYN seq=0"), [a for a in tcp.arrows() if a[1].startswith("data")]
order(tcp, ("server", "listen"), ("server", "accept"), ("client", "connect"), syn,
      ("<", "SYN-ACK seq=0 ack=1"), (">", "ACK ack=1"), ("client", "send"), data[0],
      ("server", "send"), data[1], ("client", "close"), ("server", "close"))
check([d for d, _ in data] == [">", "<"], f"data: {data}")
fins = [a for a in tcp.arrows() if a[1].startswith("FIN")]
check([d for d, _ in fins] == [">", "<"], f"FINs: {fins}")
udp = demo("udp", UDP, folder)
check([d for d, _ in udp.arrows()] == [">", "<"], f"datagrams: {udp.arrows()}")
order(udp, ("server", "bind"), ("server", "recvfrom"), ("client", "bind"), ("client", "sendto"),
      udp.arrows()[0], ("server", "sendto"), udp.arrows()[1])
check("(process the request)" in udp.text, f"the server's work is not told: {udp.text}")
for scenario in ("tcp", "udp"):
    same(scenario, folder)
print("both demos are what the notes say, again and again")

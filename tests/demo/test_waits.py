#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bars stand for calls that waited, and no call returns above the packet that it waited for.

    test_waits.py PKTLADDER [NAME...]

Small programs whose calls wait or do not, each in its own way: which calls have a bar, and what
they returned. Of all of them: a bar is where the kernel counted a sleep, or a connect() with its
handshake; a receive stands below the data that it returned."""
import collections
import json
import sys

from common import check, run, work_folder

PROGRAM, WANTED = sys.argv[1], sys.argv[2:]
PRELUDE = """
import os, select, signal, socket, sys, time
HOST = "127.0.0.1"
def listen(port=5000, backlog=5):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((HOST, port)); s.listen(backlog); return s
def connect(port=5000):
    c = socket.socket(); c.connect((HOST, port)); return c
def udp(port=0):
    u = socket.socket(type=socket.SOCK_DGRAM); u.bind((HOST, port)); return u
def poll(fd, time=None):
    p = select.poll(); p.register(fd, select.POLLIN); return p.poll(time)
def epoll(fd):
    e = select.epoll(); e.register(fd, select.EPOLLIN); return e
"""
ACCEPT = "s = listen(); a, _ = s.accept(); "
SEND_LATE = "c = connect(); time.sleep(.1); c.send(b'y'); c.recv(9)"
# Name: server, client; the calls of each (of SHOWN) in the order of their returns, "name = result",
# with "|" before those that have a bar. Whether the other end is still there at the end of file is
# a race.
PAIRS = {
    "select of two": ("s = listen(); t = listen(5001); r, _, _ = select.select([s, t], [], []); a, _ = r[0].accept()\n"
                      "select.select([s, a], [], []); a.recv(9); a.close()",
                      "time.sleep(.1); c = connect(5001); time.sleep(.1); c.send(b'y'); c.recv(9)",
                      ["|select = 1 ready", "accept4 = 5", "|select = 1 ready", "recv = 1 B"],
                      ["|connect = 0", "send = 1 B"]),
    "poll": (ACCEPT + "poll(a, 0); poll(a); poll(a); a.recv(9); poll(a, 50)", SEND_LATE,
             ["|accept4 = 4", "|poll = 1 ready: 4", "recv = 1 B", "|poll = 0 ready"],
             ["|connect = 0", "send = 1 B"]),
    "epoll within epoll": (ACCEPT + "i = epoll(a); e = epoll(i); e.poll(); a.recv(9)", SEND_LATE,
                           ["|accept4 = 4", "|epoll_wait = 1 ready: 5", "recv = 1 B"],
                           ["|connect = 0", "send = 1 B"]),
    "poll of an epoll": (ACCEPT + "poll(epoll(a)); a.recv(9)", SEND_LATE,
                         ["|accept4 = 4", "|poll = 1 ready: 5", "recv = 1 B"],
                         ["|connect = 0", "send = 1 B"]),
    "receive without an address": ("u = udp(5000); u.recv(9); u.recv(9)",
                                   "u = udp(); u.sendto(b'1', (HOST, 5000)); time.sleep(.1); u.sendto(b'22', (HOST, 5000))",
                                   ["|recv = 1 B", "|recv = 2 B"], ["sendto = 1 B", "sendto = 2 B"]),
    "data that is there": (ACCEPT + "time.sleep(.2); a.recv(1); a.recv(9); a.send(b'x')",
                           "c = connect(); c.send(b'yyy'); c.recv(9); c.recv(9)",
                           ["|accept4 = 4", "recv = 1 B", "recv = 2 B", "send = 1 B"],
                           ["|connect = 0", "send = 3 B", "|recv = 1 B"]),
    "not blocking": (ACCEPT + "a.recv(9)",
                     "c = socket.socket(); c.setblocking(False); c.connect_ex((HOST, 5000))\n"
                     "try: c.recv(9)\nexcept OSError: pass\ntime.sleep(.1); c.send(b'y'); time.sleep(.1)",
                     ["|accept4 = 4", "|recv = 1 B"], ["connect = EINPROGRESS", "recv = EAGAIN", "send = 1 B"]),
    "blocking after connect()": (ACCEPT + "a.recv(9)",
                                 "c = socket.socket(); c.setblocking(False); c.connect_ex((HOST, 5000))\n"
                                 "select.select([], [c], []); c.setblocking(True); time.sleep(.1); c.send(b'y')",
                                 ["|accept4 = 4", "|recv = 1 B"], ["connect = EINPROGRESS", "send = 1 B"]),
    "a signal": (ACCEPT + "\nclass Rang(Exception): pass\ndef ring(*_): raise Rang\nsignal.signal(signal.SIGALRM, ring)\n"
                 "signal.setitimer(signal.ITIMER_REAL, .1)\ntry: a.recv(9)\nexcept Rang: pass\na.close()",
                 "c = connect(); c.recv(9)", ["|accept4 = 4", "|recv = EINTR"], ["|connect = 0"]),
    "kill -9": (ACCEPT + "p = os.fork()\nif p == 0: a.recv(9)\ntime.sleep(.1); os.kill(p, 9); os.wait(); a.close()",
                "c = connect(); c.recv(9)", ["|accept4 = 4", "|recv = ?"], ["|connect = 0"]),
    "a full window": (ACCEPT + "time.sleep(.3)\nwhile a.recv(1 << 20): pass",
                      "c = connect(); c.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192); c.send(b'y' * 400000)",
                      None, ["|connect = 0", "|send = 400000 B"]),
    "refused": ("s = listen(); time.sleep(.5)", "c = socket.socket(); c.connect_ex((HOST, 5001))",
                [], ["|connect = ECONNREFUSED"]),
}
SHOWN = {"accept4", "connect", "send", "sendto", "recv", "select", "poll", "epoll_wait"}
Call = collections.namedtuple("Call", "side name entered returned first last text slept bar size")


def calls_of(ladder):
    """The calls of a ladder, in the order of their returns; its bars stand where one begins."""
    begun, calls = {}, []
    bars = collections.Counter((b["lane"], b["first_row"], b["last_row"]) for b in ladder["bars"] if not b["open"])
    for at, row in enumerate(ladder["rows"]):
        for cell in row.get("cells", []):
            if "entry" in cell:
                begun[cell["entry"]["id"]] = (at, cell["entry"])
            back = cell.get("return")
            if back and back["id"] in begun:
                first, entry = begun[back["id"]]
                key = (cell["lane"], first, at)
                calls.append(Call(cell["side"], back["name"], entry["time_ns"], back["time_ns"], first, at,
                                  back["text"], back.get("slept"), bars[key] > 0, back["value"]))
                bars[key] -= 1
    check(not +bars, f"bars of no call: {+bars}")
    return calls


def judge(name, ladder):
    """What holds of any ladder."""
    calls = calls_of(ladder)
    for call in calls:
        if call.name == "exit":
            continue
        handshake = call.name == "connect" and call.text in ("0", "ECONNREFUSED") and call.last > call.first
        check(call.bar == (call.slept or handshake), f"{name}: {call}")
        check(call.slept is not None, f"{name}: nobody counted {call}")
    for side, other in (("client", "server"), ("server", "client")):
        sent = [(at, row) for at, row in enumerate(ladder["rows"])
                if row.get("packet", {}).get("length") and row["from"] == (other == "server")]
        got = total = 0
        queue = iter(sent)
        for call in calls:
            if call.side == side and call.name == "recv" and call.size > 0:
                got += call.size
                while total < got:
                    at, row = next(queue)
                    total += row["packet"]["length"]
                check(call.last >= at, f"{name}: {call} stands above its data in row {at}")
    return calls


def main():
    folder = work_folder()
    for name, (server, client, *expected) in PAIRS.items():
        if WANTED and name not in WANTED:
            continue
        path = folder / "waits.pcapng"
        run(PROGRAM, "run", "--text", "-w", path, "--", "python3", "-c", PRELUDE + server,
            "--and", "python3", "-c", PRELUDE + client)
        ladder = json.loads(run(PROGRAM, "figure", path, "--format", "json").stdout)
        calls = judge(name, ladder)
        for side, wanted in zip(("server", "client"), expected):
            found = ["|" * call.bar + f"{call.name} = {call.text}"
                     for call in calls if call.side == side and call.name in SHOWN and call.text != "EOF"]
            check(wanted is None or found == wanted, f"{name}: the {side}'s calls are {found}, not {wanted}")
        print(f"ok {name}: {len(calls)} calls")
    for name in ("tcp", "udp"):
        path = folder / f"{name}.pcapng"
        run(PROGRAM, "demo", name, "--text", "--count", "200", "-w", path)
        ladder = json.loads(run(PROGRAM, "figure", path, "--format", "json").stdout)
        calls = judge(name, ladder)
        slept = sum(call.slept for call in calls if call.slept)
        check(slept > 50, f"{name}: only {slept} calls slept")
        apart = [call for call in calls if call.name in ("send", "sendto") and call.first != call.last]
        check(len(apart) < 8, f"{name}: sends are not beside their segments: {apart}")
        print(f"ok demo {name}: {len(calls)} calls, {slept} slept")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The states on the ladder are the kernel's.

    test_oracle.py PKTLADDER [NAME...]

Small programs talk in the private network, one socket call at each press of the space bar. Before
each, when every thread is stopped or asleep, the kernel tells all its TCP sockets (sock_diag
through `ss`: request sockets and TIME-WAIT, too). The recording's ladder must show the same states
at that time: of both ends of every conversation, and of what listens."""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "screens"))
from common import need, skip  # noqa: E402
from tmux import REST, Terminal, Timeout, descendants  # noqa: E402

need("tmux", "ss", "nsenter")
PROGRAM = os.path.abspath(sys.argv[1])
WANTED = sys.argv[2:]
STEPS = 120  # of one pair: more than any needs

PRELUDE = """
import fcntl, os, select, signal, socket, struct, sys, time
HOST = "127.0.0.1"
def listen(port=5000, backlog=5):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((HOST, port)); s.listen(backlog); return s
def connect(port=5000):
    c = socket.socket(); c.connect((HOST, port)); return c
def later(port=5000):
    c = socket.socket(); c.setblocking(False); c.connect_ex((HOST, port)); return c
def linger(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
"""
ACCEPT = "s = listen(); a, _ = s.accept()\n"
# Name: server, client.
PAIRS = {
    "client closes": (ACCEPT + "a.recv(9); a.send(b'x'); a.recv(9); a.close()",
                      "c = connect(); c.send(b'y'); c.recv(9); c.close()"),
    "server closes": (ACCEPT + "a.recv(9); a.send(b'x'); a.close()",
                      "c = connect(); c.send(b'y'); c.recv(9); c.recv(9); c.close()"),
    "client half-closes": (ACCEPT + "a.recv(9); a.send(b'x'); a.close()",
                           "c = connect(); c.shutdown(socket.SHUT_WR); c.recv(9); c.recv(9); c.close()"),
    "server half-closes": (ACCEPT + "a.shutdown(socket.SHUT_WR); a.recv(9); a.recv(9); a.close()",
                           "c = connect(); c.recv(9); c.send(b'y'); c.close()"),
    "both shut down": (ACCEPT + "a.shutdown(socket.SHUT_RDWR); time.sleep(.2); a.close()",
                       "c = connect(); c.shutdown(socket.SHUT_RDWR); time.sleep(.2); c.close()"),
    "reading ends": (ACCEPT + "a.recv(9); a.close()",
                     "c = connect(); c.shutdown(socket.SHUT_RD); c.send(b'y'); c.close()"),
    "refused": ("s = listen(); time.sleep(2)", "c = socket.socket(); c.connect_ex((HOST, 5001)); c.close()"),
    "refused, again": ("s = listen(); time.sleep(2)",
                       "c = socket.socket(); c.connect_ex((HOST, 5001)); c.connect_ex((HOST, 5001)); c.close()"),
    "refused, then served": (ACCEPT + "a.recv(9); a.close()",
                             "c = socket.socket(); c.connect_ex((HOST, 5001)); d = connect(); d.close(); c.close()"),
    "refused, then served, one socket": (
        ACCEPT + "a.recv(9); a.close()",
        "c = socket.socket(); c.connect_ex((HOST, 5001)); c.connect((HOST, 5000)); c.send(b'y'); c.close()"),
    "two over MPTCP": (
        "s = socket.socket(proto=262); s.bind((HOST, 5000)); s.listen(5)\n"
        "a, _ = s.accept(); b, _ = s.accept(); a.recv(9); b.close(); a.close(); s.close()",
        "c = socket.socket(proto=262); c.connect((HOST, 5000)); d = socket.socket(proto=262); "
        "d.connect((HOST, 5000)); c.send(b'y'); d.recv(9); d.close(); c.recv(9); c.close(); time.sleep(.3)"),
    "full queue": ("s = listen(backlog=0); time.sleep(3); s.close()",
                   "c = [later() for i in range(3)]; time.sleep(.2); [x.close() for x in c]"),
    "client aborts": (ACCEPT + "select.select([a], [], [], 5); a.close()", "c = connect(); linger(c); c.close()"),
    "server aborts": (ACCEPT + "linger(a); a.close()", "c = connect(); select.select([c], [], [], 5); c.close()"),
    "closed with data unread": (ACCEPT + "select.select([a], [], [], 5); a.close(); time.sleep(.5)",
                                "c = connect(); c.send(b'y' * 9); select.select([c], [], [], 5); c.close()"),
    "sent after the close": (ACCEPT + "a.close(); time.sleep(.5)",
                             "c = connect(); c.recv(9); c.send(b'y'); time.sleep(.1); c.close()"),
    "killed client": (ACCEPT + "a.recv(9); a.close()", "c = connect(); os.kill(os.getpid(), 9)"),
    "killed server": (ACCEPT + "os.kill(os.getpid(), 9)", "c = connect(); c.recv(9); c.close()"),
    "left open": (ACCEPT + "a.recv(9)", "c = connect(); c.send(b'y')"),
    "server exits first": (ACCEPT + "a.send(b'x'); os._exit(0)", "c = connect(); c.recv(9); c.recv(9); time.sleep(.5); c.close(); "
                           "d = later(); time.sleep(.2)"),
    "forked child closes the listener": (
        "s = listen()\na, _ = s.accept()\nif os.fork() == 0:\n s.close(); a.send(b'x'); a.close(); os._exit(0)\n"
        "a.close(); b, _ = s.accept(); b.close(); s.close(); os.wait()",
        "c = connect(); c.recv(9); c.recv(9); c.close(); d = connect(); d.recv(9); d.close()"),
    "duplicated": (ACCEPT + "b = a.dup(); a.close(); b.send(b'x'); b.close()",
                   "c = connect(); c.recv(9); c.recv(9); c.close()"),
    "copied over": (ACCEPT + "d = os.open('/dev/null', os.O_RDWR); os.dup2(d, a.fileno()); time.sleep(.1); "
                    "os.dup2(d, s.fileno()); time.sleep(.2)",
                    "c = connect(); c.recv(9); time.sleep(.3); c.close()"),
    "copied by fcntl": (ACCEPT + "n = fcntl.fcntl(a, fcntl.F_DUPFD, 20); a.close(); os.write(n, b'x'); "
                        "m = fcntl.fcntl(s, fcntl.F_DUPFD_CLOEXEC, 0); s.close(); os.close(n); time.sleep(.1); os.close(m); "
                        "time.sleep(.1)",
                        "c = connect(); c.recv(9); c.recv(9); c.close()"),
    "a range is closed": (ACCEPT + "a.recv(9); os.closerange(s.fileno(), a.fileno() + 1); time.sleep(.2)",
                          "c = connect(); c.send(b'y'); c.recv(9); c.close()"),
    "forked child closes a range": (
        ACCEPT + "if os.fork() == 0: os.closerange(3, 99); os._exit(0)\nos.wait(); a.send(b'x'); a.close(); s.close()",
        "c = connect(); c.recv(9); c.recv(9); c.close()"),
    "listener shut down": (ACCEPT + "s.shutdown(socket.SHUT_RDWR); time.sleep(.1); a.recv(9); a.close(); s.close()",
                           "c = connect(); c.send(b'y'); c.close()"),
    "becomes another program": (
        ACCEPT + "a.send(b'x'); os.execv('/bin/sleep', ['sleep', '.5'])",
        "c = connect(); c.recv(9); c.recv(9); time.sleep(.2); c.close()"),
    "becomes another program, one socket stays": (
        ACCEPT + "os.set_inheritable(s.fileno(), True); a.send(b'x'); os.execv('/bin/sleep', ['sleep', '.5'])",
        "c = connect(); c.recv(9); c.recv(9); c.close(); time.sleep(.5)"),
    "forked child becomes another program": (
        ACCEPT + "if os.fork() == 0: os.execv('/bin/true', ['true'])\nos.wait(); a.send(b'x'); a.close(); s.close()",
        "c = connect(); c.recv(9); c.recv(9); c.close()"),
    "passed on": (
        "one, other = socket.socketpair()\n" + ACCEPT + "if os.fork() == 0:\n"
        " s.close(); a.close(); _, (n,), _, _ = socket.recv_fds(other, 9, 1); time.sleep(.2)\n"
        " os.write(n, b'x'); os.close(n); os._exit(0)\n"
        "socket.send_fds(one, [b'z'], [a.fileno()]); a.close(); s.close(); os.wait()",
        "c = connect(); c.recv(9); c.recv(9); c.close()"),
    "on its way between processes": (
        "one, other = socket.socketpair()\n" + ACCEPT + "socket.send_fds(one, [b'z'], [s.fileno(), a.fileno()])\n"
        "a.close(); s.close(); time.sleep(.1)\n"
        "_, (m, n), _, _ = socket.recv_fds(other, 9, 2); time.sleep(.1); os.write(n, b'x'); os.close(n); os.close(m); "
        "time.sleep(.1)",
        "c = connect(); c.recv(9); c.recv(9); time.sleep(.5); c.close()"),
    "listener closed before": ("s = listen(); a, _ = s.accept(); s.close(); a.recv(9); a.close()",
                               "c = connect(); c.send(b'y'); c.close()"),
    "listener closed with one waiting": ("s = listen(); time.sleep(1.5); s.close(); time.sleep(.5)",
                                         "c = connect(); c.send(b'y'); select.select([c], [], [], 5); c.close()"),
    "never accepted": ("s = listen(); time.sleep(2)", "c = connect(); c.send(b'y'); c.close()"),
    "two at once": ("s = listen(); a, _ = s.accept(); b, _ = s.accept(); b.send(b'x'); b.close(); a.close()",
                    "c = connect(); d = connect(); d.recv(9); c.close(); d.close()"),
    "one after the other": ("s = listen()\nfor i in range(2):\n a, _ = s.accept(); a.recv(9); a.close()",
                            "for i in range(2):\n c = connect(); c.send(b'y'); c.close()"),
    "two listeners": ("s = listen(); t = listen(5001); a, _ = s.accept(); b, _ = t.accept(); a.close(); b.close()",
                      "c = connect(); d = connect(5001); c.recv(9); d.recv(9); c.close(); d.close()"),
    "zero window": (ACCEPT + "time.sleep(.5); a.close()",
                    "c = connect(); c.setblocking(False)\ntry:\n while True: c.send(b'y' * 65536)\n"
                    "except OSError: pass\nselect.select([c], [], [], 3); c.close()"),
    "keep-alive": (ACCEPT + "a.recv(9); a.close()",
                   "c = socket.socket(); c.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1); "
                   "c.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1); c.connect((HOST, 5000)); "
                   "time.sleep(1.5); c.close()"),
    "non-blocking": (ACCEPT + "a.recv(9); a.close()",
                     "c = later(); select.select([], [c], [], 5); c.send(b'y'); c.close()"),
    "connect is given up": ("s = listen(backlog=0); a = s.accept(); time.sleep(2)",
                            "c = [later() for i in range(4)]; c.pop().close(); time.sleep(.1)"),
    "itself": (ACCEPT + "a.close()",
               "c = connect(); d = socket.socket(); d.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); "
               "d.bind((HOST, 5009)); d.connect((HOST, 5009)); d.send(b'y'); d.recv(9); d.close(); c.close()"),
    "disconnected": (ACCEPT + "a.recv(9); a.close()",
                     "import ctypes; c = connect(); l = ctypes.CDLL(None); "
                     "l.connect(c.fileno(), struct.pack('HH', 0, 0) + bytes(12), 16); c.close()"),
    "deferred accept": ("s = socket.socket(); s.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5); "
                        "s.bind((HOST, 5000)); s.listen(5); a, _ = s.accept(); a.recv(9); a.close()",
                        "c = connect(); time.sleep(.1); c.send(b'y'); c.close()"),
}
# Where the ladder cannot know what the kernel does: docs/CONFORMANCE.md, "States".
EXPLAINED = {"deferred accept": ("ESTABLISHED", "SYN-RECEIVED"),
             "demo zero-window": ("ESTABLISHED", "FIN-WAIT-1")}
KERNEL = {"ESTAB": "ESTABLISHED", "SYN-RECV": "SYN-RECEIVED", "UNCONN": "CLOSED"}


def kernel_sockets(pid):
    """Of the network that `pid` is in: (local, peer) to state; what listens: its address to LISTEN."""
    # Root makes a network of its own without a user namespace.
    user = [] if os.geteuid() == 0 else ["--preserve-credentials", "-U"]
    words = ["nsenter", *user, "-n", "-t", str(pid), "ss", "-tanH"]
    told = subprocess.run(words, capture_output=True, text=True)
    if told.returncode != 0 or told.stderr:
        return None
    found = {}
    for line in told.stdout.splitlines():
        # A socket of IPv6 may have the addresses of IPv4, in its way, and listen to both.
        state, _, _, local, peer, *_ = re.sub(r"\[::ffff:([\d.]+)\]", r"\1", line).replace(" *:", " [::]:").split()
        state = KERNEL.get(state, state)
        found[local if state == "LISTEN" else (local, peer)] = state
    return found


def traced(terminal):
    """A process of the private network that is none of pktladder's; 0 where there is none any more."""
    # Of processes that come and go at the time, the kernel leaves some out of a list of children.
    return next(filter(None, (traced_now(terminal) for _ in range(5))), 0)


def traced_now(terminal):
    for pid in descendants(terminal.shell_pid):
        try:
            if not pathlib.Path(f"/proc/{pid}/comm").read_text().startswith("pktladder") and \
                    os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net"):
                return pid
        except OSError:
            pass
    time.sleep(REST)
    return 0


def step_through(recording, programs, user=(), env=None, steps=STEPS):
    """Runs programs, a call at each press of the space bar; returns what the kernel told: [(time
    before, time after, sockets)]."""
    words = [*user, PROGRAM, "run", "--step", "--wait", "60", "-w", recording, "--", *programs[0]]
    for more in programs[1:]:
        words += ["--and", *more]
    return step(words, env, steps)


def step(words, env=None, steps=STEPS):
    told, patience = [], 3
    with Terminal(columns=120, rows=40, env=env) as terminal:
        terminal.start(shlex.join(map(str, words)))
        terminal.wait(lambda: traced(terminal), "the server")
        for _ in range(steps):
            try:
                terminal.rest(patience)
            except Timeout:  # a program that never rests, such as one of Go's
                patience = 0.15
            before, pid = time.time_ns(), traced(terminal)
            if not pid:
                break
            sockets = kernel_sockets(pid)
            if sockets is not None:
                told.append((before, time.time_ns(), sockets))
            terminal.keys("Space")
            time.sleep(0.02)
        terminal.keys("q")
        terminal.wait(lambda: not terminal.program(), "the end")
    return told


def scenarios():
    """Those of the demo that have a TCP connection, and whose calls are held."""
    listed = subprocess.run([PROGRAM, "demo", "--list"], capture_output=True, text=True, check=True).stdout
    return [f"demo {name}" for name in re.findall(r"^  (\S+)", listed, re.M)
            if not name.startswith("udp") and name != "nagle"]


def watch(folder, server, client):
    """What the kernel told of a pair of PAIRS, and the recording."""
    recording = pathlib.Path(folder, "recording.pcapng")
    programs = []
    for name, text in (("server.py", server), ("client.py", client)):
        pathlib.Path(folder, name).write_text(PRELUDE + text + "\n")
        programs.append([sys.executable, f"{folder}/{name}"])
    return step_through(recording, programs), recording


def drawn_states(recording):
    """What the ladder shows: [(time, key, state)] with the keys of kernel_sockets()."""
    words = [PROGRAM, "figure", recording, "--conversations", "all", "--calls", "all", "--format", "json"]
    figure = subprocess.run(words, capture_output=True, text=True)
    if figure.returncode != 0:
        raise AssertionError(f"no ladder: {figure.stderr}")
    ladder = json.loads(figure.stdout)
    start = int(ladder["start"].replace(".", ""))
    ends = {c["index"]: (c["client"]["endpoint"], c["server"]["endpoint"]) for c in ladder["conversations"]}
    bound, changes = {}, []
    for row in ladder["rows"]:
        at = start + row["time_ns"]
        packet = row.get("packet", {})
        for side, names in (("client", (0, 1)), ("server", (1, 0))):
            if f"{side}_state" in packet:
                key = tuple(ends[row["conversation"]][i] for i in names)
                changes.append((at, key, packet[f"{side}_state"]))
        for cell in row.get("cells", []):
            call = cell.get("entry") or cell.get("return") or {}
            if call.get("name") == "bind":
                bound[call["socket"]] = call["address"]
            back = cell.get("return") or {}
            state = re.sub(r" .*", "", cell.get("state", ""))
            waits = back.get("name") in ("poll", "select", "epoll_wait")  # beside a packet's state
            if state in ("LISTEN", "CLOSED") and back.get("socket") in bound and not waits:
                changes.append((start + back["time_ns"], bound[back["socket"]], state))
            elif state == "CLOSED" and "conversation" in row and not packet:
                names = (0, 1) if cell["side"] == "client" else (1, 0)
                changes.append((at, tuple(ends[row["conversation"]][i] for i in names), state))
    return sorted(changes, key=lambda change: change[0])


def compare(name, told, changes, late_ns=0):
    """Differences, and how many states were compared. What does not rest between two steps (a
    signal ends it, a thread polls) may be `late_ns` away from when the kernel was asked."""
    wrong, compared = [], 0
    for before, after, sockets in told:
        shown = {}  # all that it was meanwhile: who sleeps may wake while the kernel is asked
        for when, key, state in changes:
            if when <= before - late_ns:
                shown[key] = [state]
            elif when <= after or when <= after + late_ns and key in shown:
                shown.setdefault(key, []).append(state)
        for key in shown.keys() | sockets.keys():
            here, there = shown.get(key), sockets.get(key, "CLOSED")
            if here is None:  # nothing is claimed: an end that has sent nothing
                continue
            compared += 1
            if there in here or any((state, there) == EXPLAINED.get(name) for state in here):
                continue
            # Back to LISTEN: there is no socket of that connection.
            if here[-1] != "LISTEN" or there != "CLOSED" or not isinstance(key, tuple):
                wrong.append(f"{key}: the ladder shows {here[-1]}, the kernel has {there}")
    return wrong, compared


def judge(name):
    """What is to be told of a pair, whether it is as it should be, and how many states it had."""
    with tempfile.TemporaryDirectory() as folder:
        if name in PAIRS:
            told, recording = watch(folder, *PAIRS[name])
        else:
            recording = pathlib.Path(folder, "recording.pcapng")
            told = step([PROGRAM, *name.split(), "--step", "-w", recording])
        changes = drawn_states(recording)
    wrong, compared = compare(name, told, changes)
    good = not wrong and compared >= (3 if name in PAIRS else 1)
    lines = [f"{'ok' if good else 'FAILED'} {name}: {len(told)} times, {compared} states",
             *(f"  {line} ({wrong.count(line)} times)" for line in dict.fromkeys(wrong))]
    return "\n".join(lines), good, compared


def main():
    names = [name for name in [*PAIRS, *scenarios()] if not WANTED or name in WANTED]
    # They wait most of the time.
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(judge, names))
    for text, _, _ in results:
        print(text)
    failed = [name for name, (_, good, _) in zip(names, results) if not good]
    print(f"{sum(n for _, _, n in results)} states compared; {len(failed)} of {len(names)} pairs differ"
          + ": " * bool(failed) + ", ".join(failed))
    return bool(failed) or not names


if __name__ == "__main__":
    sys.exit(main())

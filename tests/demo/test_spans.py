#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every segment lies within the span of the call that caused it, and every
receive returns after its segment, over 1,000 exchanges; and the states drawn
agree with the kernel's own (TCP_INFO, inet_diag). The peers are the demo's, as
programs, whose calls wait for no turn: they race.

  test_spans.py PKTLADDER ITEMS PEER [EXCHANGES]
"""
import collections
import sys

from common import check, run, work_folder

PROGRAM, ITEMS, PEER = sys.argv[1:4]
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
SENDS = {"send", "sendto", "write", "connect", "close", "exit"}

Call = collections.namedtuple("Call", "side name entry result value tid")


def items(path):
    for line in run(ITEMS, path, user=False, timeout=300).stdout.decode().splitlines():
        yield line.split("\t")


def calls_of(events):
    entries, calls = {}, []
    for e in events:
        if e[0] != "call":
            continue
        if e[3] == "entry":
            check(e[2] not in entries, f"call {e[2]} begins twice")
            entries[e[2]] = int(e[1])
        elif e[4] != "exit":
            calls.append(Call(e[6], e[4], entries.pop(e[2]), int(e[1]), int(e[9]), e[12]))
    return calls


def spans(name, path):
    """Counts the segments that no call of their side spans."""
    events = list(items(path))
    calls = calls_of(events)
    outside, segments = [], 0
    for e in events:
        if e[0] != "packet":
            continue
        time, side, length, flags = int(e[1]), e[4], int(e[7]), e[6]
        # A bare ACK and a SYN-ACK are the kernel's own answer, no call's doing.
        if name == "tcp" and length == 0 and flags in ("ACK", "SYN-ACK"):
            continue
        segments += 1
        cause = [c for c in calls if c.side == side and c.name in SENDS and c.entry <= time <= c.result]
        exits = [int(x[1]) for x in events if x[0] == "call" and x[4] == "exit" and x[6] == side]
        if not cause and not any(t <= time for t in exits):
            outside.append(e)
    return events, calls, segments, outside


def receives(events, calls):
    """A receive of data returns after the segment that brought its last byte."""
    arrived = collections.defaultdict(list)
    for e in events:
        if e[0] == "packet" and int(e[7]) > 0:
            arrived["server" if e[4] == "client" else "client"].append((int(e[1]), int(e[7])))
    early = 0
    for side, packets in arrived.items():
        got = total = 0
        queue = iter(packets)
        for call in (c for c in calls if c.side == side and c.name in ("recv", "recvfrom", "read") and c.value > 0):
            got += call.value
            last = 0
            while total < got:
                last, length = next(queue)
                total += length
            early += call.result < last
    return early


def state_before_packet(events, i):
    """The state of call i's end before the packet right in front of it; None: there is none."""
    e = events[i]
    front = [x for x in events[max(i - 10, 0):i]
             if (x[0] == "packet" and x[3] == e[7]) or (x[0] == "call" and x[12] == e[12])][-2:]
    if len(front) < 2 or front[1][0] != "packet":
        return None
    return front[0][11 if front[0][0] == "call" or e[6] == "server" else 10]


def states(events):
    """The kernel's state at each call against the ones drawn around it. The
    kernel is asked just after the call's time stamp, while the other end goes
    on: a state drawn before the caller's next call counts. Capturing sees a
    packet before TCP does: how often a call came between the two is told."""
    agree, early, wrong, listening = 0, 0, [], False
    for i, e in enumerate(events):
        if e[0] != "call" or not e[10] or e[7] == "-1":
            continue
        listening = listening or e[11] == "LISTEN"
        if e[10] == "LISTEN":  # the listening socket goes on beside the one that accept() made
            agree, wrong = (agree + 1, wrong) if listening else (agree, wrong + [(e, "no LISTEN")])
            continue
        drawn = {e[11] or "CLOSED"}  # no state is drawn before the first one
        for later in events[i + 1:]:
            if later[0] == "call" and later[12] == e[12]:
                break
            if later[0] == "packet" and later[3] == e[7]:
                drawn.add(later[10 if e[6] == "client" else 11])
        if e[10] in drawn:
            agree += 1
        elif e[10] == state_before_packet(events, i):
            early += 1
        else:
            wrong.append((e, drawn))
    return agree, early, wrong


folder = work_folder()
for name in ("tcp", "udp"):
    path = folder / f"{name}.pcapng"
    run(PROGRAM, "run", "--text", "-w", path, "--", PEER, f"{name}-server", 5000, COUNT,
        "--and", PEER, f"{name}-client", 5000, COUNT, timeout=300)
    events, calls, segments, outside = spans(name, path)
    early = receives(events, calls)
    print(f"{name}: {len(calls)} calls, {segments} segments that a call causes, "
          f"{len(outside)} outside its span, {early} receives before their segment")
    check(segments >= 2 * COUNT, f"only {segments} segments")
    check(not outside, f"outside: {outside[:3]}")
    check(early == 0, f"{early} receives returned before their segment")
    if name == "tcp":
        agree, early, wrong = states(events)
        print(f"states: {agree} agree with the kernel, {len(wrong)} do not; {early} came between capture and TCP")
        check(agree > COUNT, "too few states were compared")
        check(early <= agree / 1000, "states are drawn too early")
        check(not wrong, f"first: {wrong[:2]}")

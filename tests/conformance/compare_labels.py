#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the labels of --labels wireshark against tshark's column Info, packet by packet.

    compare_labels.py PKTLADDER CAPTURE-OR-FOLDER...

Beside the captures one is made, which has what they may lack. Compared is each packet whose column Protocol says TCP or UDP, while nothing above them is dissected:
of tshark's protocols all are disabled but those that carry TCP or UDP somewhere in the capture.
Every difference is printed. What is left out, and why: docs/CONFORMANCE.md.

Exit status: 0 all agree, 1 they do not, 77 cannot run here.
"""
import concurrent.futures
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

import compare
from common import reference, skip, tshark_verdicts

INTERFACE = "frame.interface_id"  # records of pcapng that are no packets have none
COLUMNS = ["_ws.col.Protocol", "_ws.col.Info", INTERFACE]
CARRIED = ("ip", "ipv6", "tcp", "udp")


def tshark_names():
    """What each protocol is called where it is disabled."""
    said = subprocess.run(["tshark", "-G", "protocols"], capture_output=True, text=True, check=True).stdout
    return [line.split("\t")[2] for line in said.splitlines()]


def carriers(capture, scratch):
    """The names of IP, TCP and UDP, and of whatever stands before one of them in a packet."""
    names = set(CARRIED)
    for row in compare.tshark_run(capture, scratch, [], ["frame.protocols"]):
        layers = row["frame.protocols"].split(":")
        while layers and layers[-1] not in CARRIED:
            layers.pop()
        names.update(layers)
    return names


def theirs(capture, scratch, names):
    """tshark's (Protocol, Info) of each packet."""
    kept = carriers(capture, scratch)
    for folder in ("", "wireshark"):
        os.makedirs(os.path.join(scratch, folder), exist_ok=True)
        with open(os.path.join(scratch, folder, "disabled_protos"), "w", encoding="utf-8") as file:
            file.writelines(name + "\n" for name in names if name not in kept)
    rows = compare.tshark_run(capture, scratch, ["-o", "tcp.desegment_tcp_streams:FALSE"], COLUMNS)
    return [(row[COLUMNS[0]], row[COLUMNS[1]])
            for row in [row for row in rows if row[INTERFACE]] or rows]


def ours(pktladder, verdicts, capture):
    """pktladder's (frame, status, label) of each packet."""
    run = subprocess.run([pktladder, "figure", capture, "--format=jsonl", "--labels=wireshark",
                          "--no-calls", f"--verdicts={verdicts}"], capture_output=True, text=True,
                         check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    rows = map(json.loads, run.stdout.splitlines()[1:])
    return [(row["packet"]["frame"], row["packet"]["status"], re.sub(r"^#\d+ ", "", row["label"]))
            for row in rows if "packet" in row]


def compare_file(pktladder, verdicts, names, path):
    name, compared, differences = os.path.basename(path), 0, []
    with tempfile.TemporaryDirectory(prefix="labels-") as scratch:
        path = compare.prepare(path, scratch)
        mine = ours(pktladder, verdicts, path)
        if not mine:
            path = compare.convert(path, scratch)
            mine = ours(pktladder, verdicts, path)
        their = theirs(path, scratch, names)
    if len(mine) != len(their):
        return 0, [f"{name}: pktladder reads {len(mine)} packets, tshark {len(their)}"]
    for (frame, status, label), (protocol, info) in zip(mine, their):
        if protocol not in ("TCP", "UDP"):
            continue
        compared += 1
        if status == "ok":  # what was not captured is the padding behind the datagram
            info = info.removesuffix("[Packet size limited during capture]")
        if info.strip() != label.strip():
            differences.append(f"{name} {frame}\n  tshark: {info}\n  ours:   {label}")
    return compared, differences


# What is made. Left out are the options of SCPS (20, 21), Quick-Start (27) and Riverbed (76, 78).
SYN, ACK, TO_SERVER, TO_CLIENT = 2, 16, (1, 2), (2, 1)


def segment(way, port, flags, numbers, options=b"", data=b"", length=None):
    """An IPv4 packet from or to 10.0.0.1, whose port it is; the header's length in words of 32 bits."""
    options += bytes(-len(options) % 4)
    ports = (port, 80) if way == TO_SERVER else (80, port)
    tcp = struct.pack(">HHIIHHHH", *ports, *numbers, (length or 5 + len(options) // 4) << 12 | flags,
                      100, 0, 0) + options + data
    addresses = [bytes((10, 0, 0, last)) for last in way]
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, *addresses) + tcp


def every_option():
    for kind in sorted(set(range(2, 256)) - {20, 21, 27, 76, 78}):
        for size in (2, 3, 4, 5, 6, 8, 10, 11, 12, 18, 19, 26, 34, 38):
            yield bytes((kind, size, *range(1, size - 1)))
    for kind in (253, 254):
        for experiment in (0xf989, 0xacc0, 0xacc1, 0xacce):
            for size in (4, 7, 10, 13):
                yield struct.pack(">BBH", kind, size, experiment) + bytes(range(1, size - 3))


def packets_made():
    """(packet, bytes of it that were captured)"""
    for number, option in enumerate(every_option()):
        yield segment(TO_SERVER, 1024 + number, SYN, (1, 0), option), None
        yield segment(TO_SERVER, 1024 + number, ACK, (2, 7), option), None
    for flags in range(0, 4096, 7):
        yield segment(TO_SERVER, 10000 + flags, flags, (1, 7)), None
    options = bytes.fromhex("020405b4 0101 080a0000000100000002")
    for captured in range(36, 60):
        yield segment(TO_SERVER, 20000 + captured, SYN, (1, 0), options, b"data"), captured
    # a window whose scale comes later; a lost ACK, behind which duplicates are counted anew
    for flags, way, option in ((SYN, TO_SERVER, b""), (ACK, TO_CLIENT, b""),
                               (SYN | ACK, TO_CLIENT, bytes((3, 3, 7))), (ACK, TO_CLIENT, b"")):
        yield segment(way, 30000, flags, (1, 1), option), None
    for way, ack in ((TO_SERVER, 1), (TO_CLIENT, 2)) * 4 + ((TO_CLIENT, 9), (TO_SERVER, 1)) * 3:
        yield segment(way, 30001, ACK, (1, ack)), None
    for length in (*range(12), 20):
        yield from ((packet, None) for packet in datagrams(length))


def datagrams(length):
    """UDP that says that it has this length, over IPv4, the same as a first fragment, over IPv6."""
    udp = struct.pack(">HHHH", 40000 + length, 9, length, 0) + b"four"
    for fragment in (0, 0x2000):
        yield struct.pack(">BBHHHBBH4s4s", 0x45, 0, 32, 1, fragment, 64, 17, 0, bytes((10, 0, 0, 1)),
                          bytes((10, 0, 0, 2))) + udp
    if length > 0:  # tshark takes 0 for a jumbogram
        yield struct.pack(">IHBB16s16s", 6 << 28, 12, 17, 64, bytes(15) + b"\1", bytes(15) + b"\2") + udp


def make(path):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for number, (packet, captured) in enumerate(packets_made()):
            kept = packet[:captured]
            file.write(struct.pack("<IIII", number, 0, len(kept), len(packet)) + kept)


def main():
    pktladder, captures = sys.argv[1], compare.list_captures(sys.argv[2:])
    verdicts, version = tshark_verdicts()
    if not captures:
        skip("no captures in " + ", ".join(sys.argv[2:]))
    names, compared, differences = tshark_names(), 0, []
    with (tempfile.TemporaryDirectory(prefix="labels-") as scratch,
          concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool):
        captures.append(os.path.join(scratch, "made.pcap"))
        make(captures[-1])
        for count, found in pool.map(lambda path: compare_file(pktladder, verdicts, names, path),
                                     captures):
            compared += count
            differences += found
    print("\n".join(differences))
    print(f"{compared} labels against tshark {version}, {len(differences)} differ")
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main())

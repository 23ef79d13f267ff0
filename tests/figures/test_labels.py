#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The labels of --labels wireshark are tshark's Info column, frame by frame.

usage: test_labels.py PKTLADDER SOURCE"""
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import drawing

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
from common import others, tshark_verdicts  # noqa: E402

PKTLADDER, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
SHARED = others(SOURCE.parent / "shared/captures", SOURCE / "captures")
MOST_FRAMES = 1000  # of a file
# Of the public ones: SACK, fast open, holes, odd flags, reused ports, tunnels, other link types.
OTHERS = ["ipfixprobe__ovpn.pcap", "suricata-verify__4__input.pcap", "suricata-verify__input.pcap",
          "suricata-verify__bug-5881-01-input.pcap", "suricata-verify__tfo.pcap",
          "arkime__80211http.pcap", "suricata-verify__hdlc-http_1tx.pcap",
          "dnscap__dnso1tcp-bighole.pcap", "suricata-verify__temp1.pcap",
          "suricata-verify__vxlan.pcap", "suricata-verify__3__input.pcap",
          "suricata-verify__bug-5437-02-input.pcap"]

VERDICTS, _ = tshark_verdicts()

def ours(path):
    run = subprocess.run([PKTLADDER, "figure", path, "--format=svg", "--labels=wireshark", "--no-calls",
                          f"--verdicts={VERDICTS}",
                          f"--count={MOST_FRAMES}"], capture_output=True, text=True,
                         env={**os.environ, "LC_ALL": "C.UTF-8"})
    if not run.stdout:
        return {}
    root = ElementTree.fromstring(run.stdout)
    return {int(row.get("data-frame")): re.sub(r"^#\d+ ", "", "".join(label.itertext()))
            for row in root.iter(drawing.SVG + "g") if row.get("data-frame")
            for label in row.findall(drawing.SVG + "text") if "label" in label.get("class").split()}


def theirs(path):
    # Ethernet is all that has to be asked for; above TCP and UDP nothing is.
    run = subprocess.run(["tshark", "-r", path, f"-c{MOST_FRAMES}", "-o", "tcp.desegment_tcp_streams:FALSE",
                          "-T", "fields", "-e", "frame.number", "-e", "_ws.col.Protocol",
                          "-e", "_ws.col.Info"], capture_output=True, text=True, errors="replace")
    rows = (line.split("\t") for line in run.stdout.splitlines() if line.count("\t") >= 2)
    return {int(row[0]): row[2] for row in rows if row[1] in ("TCP", "UDP")}


compared, different = 0, []
for capture in sorted((SOURCE / "captures").glob("*.pcapng")) + [SHARED / name for name in OTHERS if (SHARED / name).exists()]:
    mine = ours(capture)
    for frame, info in theirs(capture).items():
        if frame not in mine or "[Malformed Packet]" in info:
            continue
        compared += 1
        # What it adds about packets that were cut and about payload is not said here.
        info = re.sub(r"(\[Continuation to #\d+\] |\[Packet size limited during capture\]|\[TCP segment of a reassembled PDU\]|"
                      r" \[TCP CHECKSUM INCORRECT\])", "", info).strip()
        label = re.sub(r" \[(truncated|malformed)\]$", "", mine[frame]).strip()
        if info != label:
            different.append(f"{capture.name} {frame}\n  tshark: {info}\n  ours:   {label}")

print("\n".join(different[:int(os.environ.get("SHOW", 10))]))
print(f"{compared} labels compared, {len(different)} differ")
sys.exit(bool(different) or compared == 0)

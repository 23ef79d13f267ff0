#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Why every event is as it is, over the project's captures and the public ones: each has a
sentence, no part of one is left open, each number in it is the packet's own, and every number and
flag that a segment has is named; in Spanish, too, with the same parts as in English.

  test_why.py PKTLADDER SOURCE
"""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
from common import check, run, skip_part  # noqa: E402

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
SHARED = SOURCE.resolve().parent / "shared"
ROWS_MAX = 100000  # of a story
sentences = events = 0


def output(*words):
    return run(PROGRAM, *words, user=False, check=False).stdout.decode()


def stories(path):
    """Per row of `explain` its lines: (is it a heading, text)."""
    rows = []
    for line in output("explain", path, "--width", 10000).splitlines():
        if re.match(r"\d+\. ", line):
            rows.append([])
        elif line.strip():
            rows[-1].append((not line.startswith("      "), line.strip()))
    return rows


def segment(packet, text, where):
    """What the sentences say of a TCP segment, against what JSON has of it."""
    used = packet["length"] + sum(flag in packet["flags"] for flag in ("SYN", "FIN"))
    after = (packet["seq"] + used) % 2**32
    told = {int(n) for n in re.findall(r"\bseq=(\d+)", text)}
    check(told == {packet["seq"]}, f"{where}: seq {told}, not {packet['seq']}: {text}")
    acks = {int(n) for n in re.findall(r"\back=(\d+)", text)}
    check(acks <= {packet.get("ack"), after}, f"{where}: ack {acks}: {text}")
    check("ack" not in packet or packet["ack"] in acks, f"{where}: no ack: {text}")
    for flag in set(packet["flags"]) - {"ACK"}:
        check(re.search(rf"\b{flag}\b", text), f"{where}: no {flag}: {text}")
    numbers = {int(n.replace(",", "")) for n in re.findall(r"\b\d[\d,]*\b", text)}
    if packet["length"]:
        check(packet["length"] in numbers, f"{where}: no {packet['length']} bytes: {text}")
    check(packet["window_raw"] in numbers, f"{where}: no window {packet['window_raw']}: {text}")
    for raw, shift, in re.findall(r"\b(\d+) << (\d+)", text):
        check((int(raw), int(raw) << int(shift)) == (packet["window_raw"], packet["window"]),
              f"{where}: {raw} << {shift} is not {packet['window']}: {text}")
    for ack, seq, more in re.findall(r"ack=(\d+) = seq (\d+) ((?:\+ [^:.;]*?)+?)(?: of| for|:)", text):
        total = int(seq) + sum(int(n.replace(",", "")) for n in re.findall(r"\+ ([\d,]+)", more))
        more = re.search(rf"ack={ack} = seq {seq} ([^.:]*)", text).group(1)
        total = int(seq) + sum(int(n.replace(",", "")) for n in re.findall(r"\+ ([\d,]+)", more))
        check(total == int(ack), f"{where}: ack={ack} is not {total}: {text}")


def capture(path):
    global sentences, events
    lines = output("figure", path, "--format", "jsonl").splitlines()
    rows = [json.loads(line) for line in lines[1:] if '"index"' in line[:12]]
    told = stories(path)
    check(len(told) == min(len(rows), ROWS_MAX), f"{path}: {len(told)} of {len(rows)} rows are told")
    for row, lines in zip(rows, told):
        where = f"{path.name}, row {row['index'] + 1}"
        check(lines and lines[0][0], f"{where}: no heading: {lines}")
        for (head, text), following in zip(lines, lines[1:] + [(True, "")]):
            check(not head or not following[0], f"{where}: nothing is told of {text}")
            check(head or not re.search(r"\{[\w-]+\}", text), f"{where}: a part is open: {text}")
            sentences += not head
        events += 1
        packet = row.get("packet", {})
        if "seq" in packet and "window_raw" in packet:
            start = next(i for i, (head, text) in enumerate(lines)
                         if head and not re.match(r"(Client|Server): ", text))
            paragraphs = []
            for head, text in lines[start + 1:]:
                if head:
                    break
                paragraphs.append(text)
            segment(packet, " ".join(paragraphs), where)


def parts():
    """A translation has the parts of its sentence, each as often as it likes, and no others."""
    text = (SOURCE / "src" / "po" / "es.po").read_text()
    known = set(re.findall(r'PART\(\w+, "([\w-]+)"\)', (SOURCE / "src" / "ladder" / "why_words.h").read_text()))
    for entry in text.split("\n\n"):
        match = re.search(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|$))+)', entry, re.M)
        if not match:
            continue
        english, spanish = (set(re.findall(r"\{([\w-]+)\}", "".join(re.findall(r'"(.*)"', part))))
                            & known for part in match.groups())
        check(spanish <= english, f"{spanish - english} is not in: {match.group(1)}")
        lost = english - spanish - {"to"}  # Spanish may say it without a pronoun
        check(not lost, f"{lost} is lost in: {match.group(2)}")


parts()
for path in sorted((SOURCE / "captures").glob("*.pcap*")):
    capture(path)
public = sorted(p for folder in (SHARED / "captures", SHARED / "cases" / "captures", SHARED / "cases" / "facts")
                for p in folder.glob("*") if re.search(r"\.(pcap|pcapng|cap)(\.\w+)?$", p.name))
if not public:
    skip_part("../shared is not here: the public captures were not told")
for path in public:
    capture(path)
print(f"{events} rows, {sentences} paragraphs: each number is the packet's own")

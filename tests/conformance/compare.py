#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds pktladder's facts and verdicts against tshark's, packet by packet, as the program itself
tells them: `pktladder figure CAPTURE --format jsonl`.

    compare.py --pktladder BUILD/pktladder CAPTURE-OR-FOLDER...

Prints, for each file and each field, how many packets agree, and the first
disagreement of each file in full. Differences that are kept on purpose are
listed in differences.tsv (the reasons are in docs/CONFORMANCE.md) and counted
apart; a line there that no packet needs any more is a failure too.

Exit status: 0 all agree, 1 they do not, 2 wrong usage, 77 cannot run here.
"""

import argparse
import collections
import concurrent.futures
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "demo"))
from common import reference, skip, tshark_verdicts  # noqa: E402


ANALYSIS = [
    "retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order",
    "lost_segment", "ack_lost_segment", "duplicate_ack", "zero_window", "zero_window_probe",
    "zero_window_probe_ack", "window_full", "window_update", "keep_alive", "keep_alive_ack",
    "reused_ports",
]

# The headers of the innermost datagram, as pktladder has them: the last occurrence.
TSHARK_FIELDS = [
    "frame.number", "frame.interface_id", "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst",
    "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport",
    "tcp.stream", "udp.stream", "icmp.type", "icmpv6.type",
    "tcp.flags", "tcp.len", "tcp.hdr_len", "tcp.urgent_pointer",
    "tcp.seq", "tcp.seq_raw", "tcp.ack", "tcp.ack_raw",
    "tcp.window_size_value", "tcp.window_size", "tcp.window_size_scalefactor",
    "tcp.completeness", "tcp.analysis.acks_frame", "tcp.analysis.ack_rtt",
    "tcp.analysis.duplicate_ack_num", "tcp.analysis.duplicate_ack_frame",
    "tcp.analysis.initial_rtt", "tcp.analysis.bytes_in_flight", "udp.length",
] + ["tcp.analysis." + name for name in ANALYSIS]

# Every packet is dissected by itself, as a ladder draws it: no reassembly of
# fragments. What lies above TCP and UDP is not compared.
TSHARK_OPTIONS = ["-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]


# tshark ---------------------------------------------------------------------

def tshark_environment(scratch):
    """No user profile may change what tshark says."""
    return dict(os.environ, WIRESHARK_CONFIG_DIR=scratch, HOME=scratch, XDG_CONFIG_HOME=scratch,
                LC_ALL="C.UTF-8", TZ="UTC")


def tshark_run(capture, scratch, options, fields):
    command = ["tshark"] + TSHARK_OPTIONS + options
    command += ["-T", "fields", "-E", "occurrence=l", "-E", "separator=/t"]
    for field in fields:
        command += ["-e", field]
    said = reference(command, capture, lambda: subprocess.run(
        command + ["-r", capture], capture_output=True, text=True, errors="replace", check=False,
        env=tshark_environment(scratch)).stdout)
    rows = []
    for line in said.splitlines():
        cells = line.split("\t")
        rows.append(dict(zip(fields, cells + [""] * (len(fields) - len(cells)))))
    return rows


def to_ns(text):
    """Seconds as tshark prints them, to nanoseconds as a string. Of a time that is no
    time (microseconds beyond a second) it prints more digits than nine; 4.4 tells the word
    for them in a bracket, as far as there is room."""
    if not text:
        return ""
    seconds, _, fraction = text.lstrip("-").partition(".")
    fraction = "".join(filter(str.isdigit, fraction))
    sign = -1 if text.startswith("-") else 1
    return str(sign * (int(seconds) * 10**9 + int(fraction)))


def to_number(text):
    return str(int(text, 0)) if text else ""


def to_scale(text):
    """tshark prints the factor, pktladder the shift; -1 and -2 mean the same."""
    factor = int(text) if text else 0
    return str(factor.bit_length() - 1) if factor > 0 else text


def endpoint(address, port):
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def tshark_layers(row):
    """The names of the headers from the outermost on; less an IP header that is cut off."""
    layers = [layer for layer in row["frame.protocols"].split(":")
              if layer in ("ip", "ipv6", "tcp", "udp", "icmp", "icmpv6")]
    while layers and layers[-1] in ("ip", "ipv6") and not row[layers[-1] + ".src"]:
        layers.pop()
    return layers


def tshark_endpoints(row):
    """Of two IP headers (6in4 and the like) the inner one. tshark 4.4 names none behind MPLS."""
    layers = tshark_layers(row)
    named = [layer for layer in layers if layer in ("ip", "ipv6")]
    ip = named[-1] if named else "ip" if row["ip.src"] else "ipv6"
    return (endpoint(row[ip + ".src"], row[layers[-1] + ".srcport"]),
            endpoint(row[ip + ".dst"], row[layers[-1] + ".dstport"]))


def tshark_kind(row):
    """What the innermost datagram is, as far as a ladder draws it."""
    layers = tshark_layers(row)
    if not layers or layers[-1] not in ("tcp", "udp") or not row[layers[-1] + ".stream"]:
        return ""
    transport = layers[-1]
    while layers and layers[-1] not in ("ip", "ipv6"):
        layers.pop()
    quoted = len(layers) > 1 and layers[-2].startswith("icmp")
    return "icmp_error" if quoted else transport


def tshark_transport(row):
    """The transport of the innermost header, of one that an ICMP error quotes too."""
    return tshark_layers(row)[-1]


# The comparison -------------------------------------------------------------

def expected_of(row, ours):
    """What tshark says, in the columns of product_row(); only those that apply."""
    kind = tshark_kind(row)
    expected = {"kind": kind}
    if kind:
        transport = tshark_transport(row)
        expected[transport + "_stream"] = row[transport + ".stream"]
    if kind in ("tcp", "udp"):
        expected["source"], expected["destination"] = tshark_endpoints(row)
    if kind == "udp":
        expected["udp_length"] = to_number(row["udp.length"])
    if kind == "tcp":
        expected.update(expected_tcp(row, ours))
    return expected


def expected_tcp(row, ours):
    flags = int(row["tcp.flags"] or "0", 0)
    expected = {
        "flags": str(flags),
        "length": row["tcp.len"],
        "header_length": row["tcp.hdr_len"],
        "urgent": row["tcp.urgent_pointer"],
        "seq": row["tcp.seq"],
        "seq_raw": row["tcp.seq_raw"],
        "ack": row["tcp.ack"] if flags & 0x10 else "",
        "ack_raw": row["tcp.ack_raw"],
        "window_raw": row["tcp.window_size_value"],
        "window": row["tcp.window_size"],
        "completeness": row["tcp.completeness"],
        "acks_frame": row["tcp.analysis.acks_frame"],
        "ack_rtt": to_ns(row["tcp.analysis.ack_rtt"]),
        "duplicate_ack_num": row["tcp.analysis.duplicate_ack_num"],
        "duplicate_ack_frame": row["tcp.analysis.duplicate_ack_frame"],
        "bytes_in_flight": row["tcp.analysis.bytes_in_flight"],
    }
    if not flags & 0x02:
        expected["window_scale"] = to_scale(row["tcp.window_size_scalefactor"])
    if row["tcp.analysis.initial_rtt"]:
        expected["initial_rtt"] = to_ns(row["tcp.analysis.initial_rtt"])
    for name in ANALYSIS:
        expected["analysis." + name] = "1" if row["tcp.analysis." + name] else ""
        ours["analysis." + name] = "1" if name in ours["analysis"] else ""
    return expected


class Tally:
    """Agreement of one file, or of all."""

    def __init__(self):
        self.packets = 0
        self.present = collections.Counter()
        self.agree = collections.Counter()
        self.differ = collections.Counter()
        self.kept = collections.Counter()

    def add(self, other):
        self.packets += other.packets
        self.present.update(other.present)
        self.agree.update(other.agree)
        self.differ.update(other.differ)
        self.kept.update(other.kept)

    def compared(self, field):
        return self.agree[field] + self.differ[field] + self.kept[field]


class Differences:
    """differences.tsv: what is kept on purpose against this version of tshark."""

    def __init__(self, path, verdicts):
        self.rows = []
        self.used = set()
        self.seen = set()
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                row = tuple(line.rstrip("\n").split("\t"))
                if line.strip() and not line.startswith("#") and row[3] in ("*", verdicts):
                    self.rows.append(row)

    def keeps(self, name, field, frame):
        for row in self.rows:
            if not fnmatch.fnmatch(name, row[0]):
                continue
            self.seen.add(row)
            if fnmatch.fnmatch(field, row[1]) and self.holds(row[2], frame):
                self.used.add(row)
                return True
        return False

    @staticmethod
    def holds(frames, frame):
        if frames == "*":
            return True
        for part in frames.split(","):
            first, _, last = part.partition("-")
            if int(first) <= frame <= int(last or first):
                return True
        return False

    def stale(self, names):
        """Those that were to be needed by one of the files, and were not."""
        return [row for row in self.rows if row not in self.used and
                any(fnmatch.fnmatch(name, row[0]) for name in names)]


# What a packet's member is called here, where the names differ.
COLUMNS = {"flags_raw": "flags", "ack_rtt_ns": "ack_rtt", "duplicate_number": "duplicate_ack_num",
           "duplicates_frame": "duplicate_ack_frame"}
KINDS = {"icmp-error": "icmp_error", "fragment": "", "other": "", "datagram": "udp"}


def product_row(packet, conversation):
    """A packet of pktladder's, in columns of text; what it does not have is empty."""
    mine = collections.defaultdict(str)
    for name, value in packet.items():
        if isinstance(value, int) or name in ("source", "destination"):
            mine[COLUMNS.get(name, name)] = str(value)
    mine["analysis"] = packet.get("verdicts", [])
    if packet.get("incomplete"):
        mine["length"] = ""
    if "duplicate_number" in packet and not mine["duplicate_ack_frame"]:
        mine["duplicate_ack_frame"] = "0"
    if conversation:
        mine["kind"] = KINDS.get(packet["kind"], "tcp")
        mine[conversation["transport"] + "_stream"] = str(conversation["stream"])
        mine["initial_rtt"] = str(conversation.get("initial_rtt_ns", ""))
    return mine


def product_read(pktladder, capture):
    """Its packets, the final completeness of each TCP stream, and what it complained of."""
    run = subprocess.run(pktladder + [capture], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 3):  # 3: up to where the capture is cut off
        return None, None, run.stderr.strip()
    head, *rows = map(json.loads, run.stdout.splitlines())
    conversations = {one["index"]: one for one in head["conversations"]}
    final = {str(one["stream"]): str(one["completeness"]) for one in conversations.values()
             if one["transport"] == "tcp"}
    return [product_row(row["packet"], conversations.get(row.get("conversation")))
            for row in rows if "packet" in row], final, run.stderr.strip()


def prepare(capture, scratch):
    """Unpacks what not every tshark unpacks by itself."""
    tools = {".gz": ["gzip", "-dc"], ".xz": ["xz", "-dc"], ".zst": ["zstd", "-dc"],
             ".lz4": ["lz4", "-dc"]}
    suffix = os.path.splitext(capture)[1]
    if suffix not in tools:
        return capture
    if not shutil.which(tools[suffix][0]):
        skip(f"{capture}: {tools[suffix][0]} is not installed")
    path = os.path.join(scratch, "unpacked")
    with open(path, "wb") as output:
        subprocess.run(tools[suffix] + [capture], stdout=output, check=True)
    return path


def convert(capture, scratch):
    """What pktladder does not read (snoop, ERF, ...) is copied, and both programs read the copy."""
    path = os.path.join(scratch, "converted.pcap")
    run = subprocess.run(["editcap", "-F", "nsecpcap", capture, path], capture_output=True,
                         check=False, env=tshark_environment(scratch))
    return path if run.returncode == 0 else capture


def innermost_streams(theirs):
    """UDP streams counted anew, without those that only carry a tunnel."""
    numbers = {}
    for row in theirs:
        if tshark_kind(row) and tshark_transport(row) == "udp":
            numbers.setdefault(row["udp.stream"], str(len(numbers)))
    return numbers


def compare_rows(name, ours, theirs, differences, tally, report):
    inner = innermost_streams(theirs)
    for mine, row in zip(ours, theirs):
        frame = int(mine["frame"])
        expected = expected_of(row, mine)
        tally.packets += 1
        bad = {}
        for field, value in expected.items():
            tally.present[field] += value != ""
            if mine[field] == value:
                tally.agree[field] += 1
            elif (differences.keeps(name, field, frame) or
                  (field == "udp_stream" and mine[field] == inner[value])):
                tally.kept[field] += 1
            else:
                tally.differ[field] += 1
                bad[field] = (mine[field], value)
        if bad:
            report(disagreement(name, frame, mine, row, bad))


def disagreement(name, frame, mine, row, bad):
    lines = [f"  {name}: frame {frame}"]
    for field, (said, expected) in bad.items():
        lines.append(f"    {field}: pktladder says {said or 'nothing'}, "
                     f"tshark says {expected or 'nothing'}")
    lines.append("    pktladder: " + " ".join(f"{k}={v}" for k, v in mine.items()
                                              if v and not k.startswith("analysis")))
    lines.append("    tshark:    " + " ".join(f"{k}={v}" for k, v in row.items() if v))
    return "\n".join(lines)


def compare_final(name, final, capture, scratch, differences, tally, report):
    """With -2 tshark knows the final completeness of a stream at its first packet (and
    counts that packet a second time for the later ones)."""
    theirs = {}
    fields = ["tcp.stream", "tcp.completeness"]
    for row in tshark_run(capture, scratch, ["-2"], fields):
        if row["tcp.stream"] and row["tcp.completeness"]:
            theirs.setdefault(row["tcp.stream"], row["tcp.completeness"])
    for stream, value in theirs.items():
        tally.present["completeness_final"] += 1
        if final.get(stream) == value:
            tally.agree["completeness_final"] += 1
        elif differences.keeps(name, "completeness_final", int(stream)):
            tally.kept["completeness_final"] += 1
        else:
            tally.differ["completeness_final"] += 1
            report(f"  {name}: stream {stream}: final completeness: pktladder says "
                   f"{final.get(stream)}, tshark says {value}")


class Capture:
    """One capture, as both programs read it."""

    def __init__(self, pktladder, path, scratch):
        self.path, self.scratch = path, scratch
        self.ours, self.final, self.why = product_read(pktladder, path)
        if self.ours is None:
            self.path = convert(path, scratch)
            self.ours, self.final, self.why = product_read(pktladder, self.path)
        self.theirs = tshark_run(self.path, scratch, [], TSHARK_FIELDS)
        # tshark counts records of pcapng that are no packets: they are of no interface.
        packets = [row for row in self.theirs if row["frame.interface_id"]]
        self.theirs = packets or self.theirs

    def why_not(self):
        if self.ours is None:
            return f"pktladder does not read it: {self.why}"
        if len(self.ours) != len(self.theirs):
            return f"pktladder reads {len(self.ours)} packets, tshark {len(self.theirs)}"
        return None


def compare_file(pktladder, path, differences):
    """Its tally, or None; the disagreements; and why it cannot be compared."""
    name, tally, reports = os.path.basename(path), Tally(), []
    with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
        capture = Capture(pktladder, prepare(path, scratch), scratch)
        if capture.why_not():
            return None, [], capture.why_not()
        compare_rows(name, capture.ours, capture.theirs, differences, tally, reports.append)
        if any(row["tcp.stream"] for row in capture.theirs):
            compare_final(name, capture.final, capture.path, scratch, differences, tally,
                          reports.append)
    return tally, reports, None


# Output ---------------------------------------------------------------------

def print_file(name, tally):
    compared = sum(tally.agree.values()) + sum(tally.differ.values()) + sum(tally.kept.values())
    differ, kept = sum(tally.differ.values()), sum(tally.kept.values())
    text = f"{name}: {tally.packets} packets, {compared - differ - kept} of {compared} fields agree"
    if kept:
        text += f", {kept} differ on purpose"
    if differ:
        text += ", DIFFER: " + ", ".join(f"{field} {n}" for field, n in tally.differ.most_common())
    print(text, flush=True)


def print_fields(total):
    print(f"\n{'field':32} {'compared':>9} {'not empty':>9} {'agree':>9} {'on purpose':>10} "
          f"{'differ':>7}")
    names = list(total.agree) + [f for f in list(total.kept) + list(total.differ)
                                 if f not in total.agree]
    for field in dict.fromkeys(names):
        print(f"{field:32} {total.compared(field):9} {total.present[field]:9} {total.agree[field]:9} "
              f"{total.kept[field]:10} {total.differ[field]:7}")


def list_captures(paths):
    suffixes = (".pcap", ".pcapng", ".cap", ".dmp", ".snoop", ".erf", ".epeek")
    packed = (".gz", ".xz", ".zst", ".lz4")
    captures = []
    for path in paths:
        if not os.path.exists(path):
            skip(f"{path} is not there")
        if not os.path.isdir(path):
            captures.append(path)
            continue
        for name in sorted(os.listdir(path)):
            stem = os.path.splitext(name)[0] if name.endswith(packed) else name
            if stem.endswith(suffixes):
                captures.append(os.path.join(path, name))
    return captures


def options_parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pktladder", required=True, help="the program")
    parser.add_argument("--differences", default=os.path.join(HERE, "differences.tsv"))
    parser.add_argument("--all", action="store_true", help="print every disagreement in full")
    parser.add_argument("--need-every-verdict", action="store_true",
                        help="fail where the captures lack a verdict that is to be compared")
    parser.add_argument("captures", nargs="+", help="captures, or folders of them")
    return parser.parse_args()


def main():
    options = options_parse()
    verdicts, version = tshark_verdicts()
    pktladder = [options.pktladder, "figure", "--format", "jsonl", "--verdicts", verdicts]
    captures = list_captures(options.captures)
    if not captures:
        skip("no captures in " + ", ".join(options.captures))
    differences = Differences(options.differences, verdicts)
    total, unread, files = Tally(), [], 0
    print(f"pktladder against tshark {version}\n")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda path: compare_file(pktladder, path, differences), captures)
        for capture, (tally, reports, why) in zip(captures, results):
            if tally is None:
                unread.append(f"{os.path.basename(capture)}: {why}")
                continue
            print_file(os.path.basename(capture), tally)
            for report in reports if options.all else reports[:1]:
                print(report)
            total.add(tally)
            files += 1
    print_fields(total)
    for line in unread:
        print(f"not compared: {line}")
    stale = differences.stale([os.path.basename(capture) for capture in captures])
    for row in stale:
        print("differences.tsv has a line that nothing needs: " + " ".join(row))
    lacking = [name for name in ANALYSIS if not total.present["analysis." + name]]
    if options.need_every_verdict and lacking:
        print("the captures have no " + ", ".join(lacking))
    differ = sum(total.differ.values())
    print(f"\n{files} files, {total.packets} packets, {sum(total.agree.values())} agreements, "
          f"{sum(total.kept.values())} differences on purpose, {differ} disagreements")
    return 1 if differ or stale or (options.need_every_verdict and lacking) else 0


if __name__ == "__main__":
    sys.exit(main())

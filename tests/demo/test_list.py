#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pktladder list: its formats against each other, and its numbers against tshark's.

  test_list.py PKTLADDER [CAPTURE...]
"""
import collections
import concurrent.futures
import csv
import io
import json
import os
import pathlib
import re
import struct
import subprocess
import sys

from common import SOURCE, check, others, run, tshark_verdicts, work_folder

PROGRAM = sys.argv[1]
CAPTURES = SOURCE.parent / "shared" / "captures"
DEMO = SOURCE / "captures" / "tcp.pcapng"
# Each packet by itself, as pktladder takes it.
TSHARK = ["tshark", "-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]
# Where tshark counts otherwise (docs/CONFORMANCE.md has more).
DIFFERENT = {
    "nDPI__h323.pcap": "H.245 announces conversations that have not begun: tshark numbers them",
    "nDPI__fuzz-2006-09-29-28586.pcap": "tshark leaves malformed segments out of conversations",
    "suricata-verify__4__input.pcap": "the same",
    "tcpdump__timestamp_invalid_nano.pcap": "a second of more than 999,999,999 ns is no time",
}
TUNNELS = {"2152", "3544", "4789", "4790", "6081"}
failures = []


def rows(*arguments, **more):
    done = run(PROGRAM, "list", *arguments, "--format", "tsv", **more)
    return parse(done)


def parse(done):
    return list(csv.DictReader(io.StringIO(done.stdout.decode()), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def expect(condition, message):
    if not condition:
        print(f"FAILED: {message}")
        failures.append(message)


# --- formats

def test_formats():
    text = run(PROGRAM, "list", DEMO, "--format", "tsv").stdout.decode()
    lines = text.splitlines()
    expect(len(lines) == 2 and text.endswith("\n"), f"a header and a line: {text!r}")
    expect(len({line.count("\t") for line in lines}) == 1, "as many values as names")
    row = rows(DEMO)[0]
    for name, value in {"number": "0", "protocol": "TCP", "server": "127.0.0.1:5000",
                        "state": "closed", "packets": "11", "client_packets": "6",
                        "server_packets": "5", "client_bytes": "12", "server_bytes": "12",
                        "retransmissions": "0", "resets": "0", "zero_windows": "0"}.items():
        expect(row[name] == value, f"{name} is {row[name]!r}, not {value!r}")
    for name in ("start", "start_epoch", "duration", "rtt"):
        expect(re.fullmatch(r"\d+\.\d{9}", row[name]), f"{name}: {row[name]!r}")

    found = json.loads(run(PROGRAM, "list", DEMO, "--format", "json").stdout)
    expect(len(found) == 1 and list(found[0]) == list(row), "JSON has the same names")
    for name, value in found[0].items():
        if name == "activity":
            expect(",".join(map(str, value)) == row[name], "activity")
        elif isinstance(value, float):
            expect(f"{value:.9f}" == row[name], f"{name}: {value} and {row[name]}")
        else:
            expect(str(value) == row[name], f"{name}: {value!r} and {row[name]!r}")
    udp = json.loads(run(PROGRAM, "list", SOURCE / "captures" / "udp.pcapng",
                         "--format", "json").stdout)
    expect(udp[0]["rtt"] is None, "no round-trip time is null")
    empty = run(PROGRAM, "list", DEMO, "tcp port 1", "--format", "json")
    expect(json.loads(empty.stdout) == [], "a filter that nothing passes: no rows")


def test_table():
    """It keeps to its width, and says the same as the rest."""
    for width in (40, 60, 80, 120, 200):
        text = run(PROGRAM, "list", DEMO, "--width", width).stdout.decode()
        expect(all(len(line) <= width for line in text.splitlines()), f"{width}: {text}")
        expect(len(text.splitlines()) == 2, f"{width}: a title and a line")
    whole = run(PROGRAM, "list", DEMO).stdout.decode()
    expect("127.0.0.1:5000" in whole and "closed" in whole, whole)
    plain = run(PROGRAM, "list", DEMO, "--ascii").stdout
    expect(plain.isascii(), f"ASCII only: {plain}")


def test_order(capture):
    for column in ("packets", "duration", "server_bytes", "start"):
        up = [float(row[column]) for row in rows(capture, "--sort", column)]
        down = [float(row[column]) for row in rows(capture, "--sort", f"-{column}")]
        expect(up == sorted(up) and down == up[::-1], f"{column} of {capture.name}")


def test_errors():
    folder = work_folder()
    cases = [
        ([], "FILE", 2),
        ([DEMO, "--sort", "nonsense"], "zero_windows", 2),
        ([DEMO, "--sort", "-nonsense"], '"nonsense"', 2),
        ([DEMO, "--format", "xml"], "tsv", 2),
        ([DEMO, "--verdicts", "4.2"], "4.0, 4.4", 2),
        ([folder / "none.pcap"], "none.pcap", 1),
        ([DEMO, "tcp prot 80"], "prot", 1),
    ]
    for arguments, word, status in cases:
        done = run(PROGRAM, "list", *arguments, check=False)
        error = done.stderr.decode()
        expect(done.returncode == status and word in error and not done.stdout,
               f"list {arguments}: {done.returncode} {error}")


def test_pipe(capture):
    """From standard input, and cut off in the middle of a packet."""
    whole = run(PROGRAM, "list", capture, "--format", "tsv").stdout
    with open(capture, "rb") as file:
        piped = subprocess.run([PROGRAM, "list", "-", "--format", "tsv"], stdin=file,
                               capture_output=True, timeout=60, check=True)
    expect(piped.stdout == whole, "standard input gives the same")
    cut = work_folder() / "cut.pcap"
    cut.write_bytes(capture.read_bytes()[:-5])
    os.chmod(cut, 0o644)
    done = run(PROGRAM, "list", cut, "--format", "tsv")
    expect(done.stderr.startswith(b"pktladder: ") and len(done.stdout) > 100,
           f"a cut file is listed, with a note: {done.stderr}")
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "list", capture], stdout=full, timeout=60, check=False,
                                  stderr=subprocess.PIPE)
        expect(done.returncode == 1 and b"cannot write" in done.stderr, f"full: {done.stderr}")


def test_verdicts():
    """A SYN of the same number after a FIN: sent again for tshark 4.0, another conversation for 4.4."""
    capture = work_folder() / "again.pcap"
    packets = b""
    for second, (flags, seq) in enumerate(((2, 7000), (0x11, 7001), (2, 7000))):
        ip = struct.pack("!BBHHHBBHII", 0x45, 0, 40, second, 0, 64, 6, 0, 0x0a000001, 0x0a000002)
        tcp = struct.pack("!HHIIBBHHH", 40000, 80, seq, 9000, 0x50, flags, 1000, 0, 0)
        packets += struct.pack("<IIII", second, 0, 40, 40) + ip + tcp
    capture.write_bytes(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101) + packets)
    for wanted, label, words in ((1, "(sent again)", []), (1, "(sent again)", ["--verdicts", "4.0"]),
                                 (2, "(ports reused)", ["--verdicts", "4.4"])):
        found = rows(capture, *words)
        expect(len(found) == wanted, f"{words}: {len(found)} conversations, not {wanted}")
        drawn = run(PROGRAM, "replay", capture, "--text", "--width", "120", *words).stdout.decode()
        expect(label in drawn.splitlines()[-1], f"{words}: no {label} in {drawn}")


# --- against tshark

def tshark(capture, *arguments):
    done = subprocess.run([*TSHARK, "-r", str(capture), *arguments], capture_output=True,
                          timeout=120, check=False)
    return done.stdout.decode(errors="replace")


CONVERSATION = re.compile(
    r"^(\S+)\s+<->\s+(\S+)\s+(\d+) \d+ \S+\s+(\d+) \d+ \S+\s+(\d+) \d+ \S+\s+(-?[\d.]+)\s+(-?[\d.]+)")


def plain(endpoint):
    """Address and port; tshark writes no brackets."""
    address, _, port = endpoint.rpartition(":")
    return address.strip("[]"), port


def of_tshark(capture):
    """Conversations as `tshark -q -z conv` has them, by protocol: the ends with their
    packets, and the duration."""
    found = {"tcp": collections.Counter(), "udp": collections.Counter()}
    protocol = None
    for line in tshark(capture, "-q", "-z", "conv,tcp", "-z", "conv,udp").splitlines():
        if line.endswith(" Conversations"):
            protocol = line.split()[0].lower()
        match = CONVERSATION.match(line)
        if match:
            a, b, to_a, to_b, _, _, duration = match.groups()
            found[protocol][frozenset([(plain(a), int(to_b)), (plain(b), int(to_a))]), duration] += 1
    return found


def whole(endpoint):
    """A port of 0 is not written by pktladder."""
    if re.fullmatch(r"[\d.]+", endpoint) or (":" in endpoint and "[" not in endpoint and
                                             endpoint.count(":") > 1):
        return endpoint, "0"
    return plain(endpoint)


def of_list(table, protocol):
    found = collections.Counter()
    for row in table:
        if row["protocol"].lower() != protocol or row["packets"] == "0":
            continue  # known by an ICMP error only
        ends = frozenset([(whole(row["client"]), int(row["client_packets"])),
                          (whole(row["server"]), int(row["server_packets"]))])
        found[ends, f"{float(row['duration']):.4f}"] += 1
    return found


def is_tunnel(ends):
    """Here what is inside a tunnel counts; there the tunnel does, too."""
    return any(port in TUNNELS for (_, port), _ in ends)


def compare(ours, theirs, timed):
    """What is only here and only there. Durations may differ in the last digit, by rounding;
    and an ICMP error, which belongs to a conversation here, may make it longer."""
    left = collections.Counter(theirs)
    missing = []
    for (ends, duration), n in ours.items():
        for _ in range(n):
            same = [key for key in left if key[0] == ends and left[key] > 0 and
                    (not timed or float(key[1]) <= float(duration) + 0.0002)]
            if same:
                left[max(same, key=lambda key: float(key[1]))] -= 1
            else:
                missing.append((ends, duration))
    return missing, [key for key in left.elements() if not is_tunnel(key[0])]


FIELDS = ["tcp.stream", "tcp.len", "tcp.flags.reset", "tcp.analysis.retransmission",
          "tcp.analysis.zero_window", "tcp.analysis.initial_rtt", "icmp.type", "icmpv6.type",
          "frame.time_epoch", "ip.frag_offset", "ipv6.fraghdr.offset"]


class Packets:
    """What the packets of each TCP stream sum up to, and what is special about the file."""

    def __init__(self, capture):
        self.streams = collections.defaultdict(lambda: [0, 0, 0, 0, ""])
        self.has_fragments = False
        times = []
        text = tshark(capture, "-T", "fields", "-E", "occurrence=l",
                      *[word for field in FIELDS for word in ("-e", field)])
        for line in text.splitlines():
            values = (line.split("\t") + [""] * len(FIELDS))[:len(FIELDS)]
            times.append(seconds(values[8] or "0.0"))
            self.has_fragments |= any(int(value or 0) > 0 for value in values[9:])
            if values[0] and not values[6] and not values[7]:
                self.add(*values[:6])
        self.in_order = times == sorted(times)

    def add(self, stream, length, reset, again, zero, rtt):
        sums = self.streams[int(stream)]
        sums[0] += int(length or 0)
        sums[1] += reset in ("1", "True")
        sums[2] += bool(again)
        sums[3] += bool(zero)
        sums[4] = rtt or sums[4]


def seconds(text):
    """Of tshark's number, which has more digits than nine, or words, for nanoseconds beyond a second."""
    whole, nanoseconds = re.match(r"(-?\d+)\.\(?(\d+)", text).groups()
    return int(whole) + int(nanoseconds.ljust(9, "0")) / 1e9


def test_streams(capture, table, streams):
    ours = {int(row["stream"]): row for row in table if row["protocol"] == "TCP"}
    for stream, (length, resets, again, zero, rtt) in streams.items():
        row = ours.get(stream)
        if not row:
            expect(False, f"{capture.name}: no stream {stream}")
            continue
        got = (int(row["client_bytes"]) + int(row["server_bytes"]), int(row["resets"]),
               int(row["retransmissions"]), int(row["zero_windows"]))
        expect(got == (length, resets, again, zero),
               f"{capture.name} stream {stream}: bytes, resets, retransmissions, zero windows are "
               f"{got}, tshark has {(length, resets, again, zero)}")
        if rtt and row["rtt"]:
            expect(abs(seconds(rtt) - float(row["rtt"])) < 1e-6,
                   f"{capture.name} stream {stream}: RTT {row['rtt']}, tshark has {rtt}")


def test_capture(capture):
    """How many conversations were compared."""
    if capture.name in DIFFERENT:
        return 0
    done = run(PROGRAM, "list", capture, "--format", "tsv", "--verdicts", verdicts, user=False,
               check=False)
    if done.returncode != 0 or done.stderr:
        return 0  # libpcap cannot read it, or not to its end
    table = parse(done)
    packets = Packets(capture)
    if packets.has_fragments:
        return 0  # they count here, and there only the first one of a datagram does
    theirs = of_tshark(capture)
    for protocol in ("tcp", "udp"):
        missing, left = compare(of_list(table, protocol), theirs[protocol], packets.in_order)
        expect(not missing and not left,
               f"{capture.name} {protocol}: only here {missing[:3]}, only in tshark {left[:3]}")
    test_streams(capture, table, packets.streams)
    return len(table)


# --- all of it

test_formats()
test_table()
test_errors()
test_verdicts()
check(not failures, "\n".join(failures))
verdicts, _ = tshark_verdicts()
given = [pathlib.Path(path) for path in sys.argv[2:]]
captures = given or sorted(path for path in others(CAPTURES, SOURCE / "captures").iterdir()
                           if path.is_file() and re.search(r"\.(pcap|pcapng)$", path.name) and
                           path.stat().st_size < 1_000_000)
test_order(captures[0])
test_pipe(next((path for path in captures if path.suffix == ".pcap"), DEMO))
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    counts = list(pool.map(test_capture, captures))
total = sum(counts)
print(f"{sum(map(bool, counts))} captures, {total} conversations compared with tshark")
check(not failures, f"{len(failures)} differences")
check(total > 100 or not CAPTURES.is_dir() or given, "hardly any conversations were compared")

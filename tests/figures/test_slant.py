#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Arrows that slant by the measured time on the way: two kernels talk over a way that takes
30 ms and loses two packets, tcpdump captures at both ends, tshark says what the times are.

usage: test_slant.py PKTLADDER SOURCE"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import drawing
import two_ends

PKTLADDER, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
FIELDS = ["frame.time_epoch", "ip.src", "ip.id", "tcp.seq_raw", "tcp.ack_raw", "tcp.len"]


def lose(side, number, packet):
    """The client's request, once, and of the server's data the second one."""
    data = len(packet) > 60 and packet[0] >> 4 == 4
    return (side, number) in (("client", 3), ("server", 4)) and data


def figure(*arguments, status=0):
    run = subprocess.run([PKTLADDER, "figure", *map(str, arguments)], capture_output=True,
                         env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}, timeout=300)
    assert run.returncode == status, (run.returncode, run.stderr)
    return run.stdout.decode() if status == 0 else run.stderr.decode()


def tshark(path):
    """Of each packet: its identity, its sender, its time in ns."""
    out = subprocess.run(["tshark", "-n", "-r", path, "-T", "fields", *(w for f in FIELDS for w in ("-e", f))],
                         capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in out.splitlines()]
    return [(tuple(row[1:]), row[1], round(float(row[0].split(".")[0])) * 10**9 + int(row[0].split(".")[1].ljust(9, "0")[:9]))
            for row in rows]


class Slant(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="pktladder-slant-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.client, cls.server = two_ends.record(cls.folder, 0.03, lose)

    def transits(self, here, there, *more):
        rows = json.loads(figure(here, "--other-end", there, "--format", "json", *more))["rows"]
        return {row["packet"]["frame"]: row.get("transit", {}) for row in rows if "packet" in row}

    def expected(self, here, there, near):
        other = {key: ns for key, _, ns in tshark(there)}
        found = {}
        for frame, (key, sender, ns) in enumerate(tshark(here), 1):
            leaves = sender == two_ends.ADDRESSES[near]
            if key in other:
                found[frame] = {"way": "leaves" if leaves else "arrives",
                                "duration_ns": other[key] - ns if leaves else ns - other[key]}
            else:
                found[frame] = {"way": "lost"} if leaves else {}
        return found

    def test_times_are_those_of_tshark(self):
        for here, there, near in ((self.client, self.server, "client"), (self.server, self.client, "server")):
            expected = self.expected(here, there, near)
            self.assertEqual(self.transits(here, there), expected, near)
            self.assertEqual([t["way"] for t in expected.values() if t].count("lost"), 1)
            took = [t["duration_ns"] for t in expected.values() if "duration_ns" in t]
            self.assertGreater(len(took), 12)
            self.assertGreater(min(took), 29e6)  # it did go that way

    def test_a_clock_that_is_wrong(self):
        """It is set right up to half of what the shortest ways differ by."""
        shifted = self.folder / "shifted.pcap"
        subprocess.run(["editcap", "-F", "pcap", "-t", "3600.5", self.server, shifted], check=True)
        expected, found = self.expected(self.client, self.server, "client"), self.transits(self.client, shifted)
        for frame, transit in expected.items():
            self.assertEqual(found[frame].get("way"), transit.get("way"))
            if "duration_ns" in transit:
                self.assertAlmostEqual(found[frame]["duration_ns"], transit["duration_ns"], delta=5e6)
        svg = figure(self.client, "--other-end", shifted, "--format", "svg")
        self.assertRegex(svg, r"clock was 3600\.\d+ s ahead")

    def arrows(self, root):
        """Of each arrow: x and y of tail and tip."""
        for row in root.iter(drawing.SVG + "g"):
            line = [p for p in row.findall(drawing.SVG + "path") if p.get("class") == "line"]
            head = [p for p in row.findall(drawing.SVG + "path") if p.get("class") == "head"]
            if line and head:
                yield (*drawing.numbers(line[0].get("d"))[:2], *drawing.numbers(head[0].get("d"))[:2])

    def test_arrows_fall_by_it(self):
        for options in ([], ["--spacing", "even"]):
            for here, there in ((self.client, self.server), (self.server, self.client)):
                svg = figure(here, "--other-end", there, "--format", "svg", *options)
                root = ElementTree.fromstring(svg)
                arrows = list(self.arrows(root))
                self.assertEqual(drawing.arrows_untrue(root), [])
                self.assertGreater(len(arrows), 12)
                for x, y, x2, y2 in arrows:
                    self.assertGreater(y2, y + 3, f"{here.name} {options}: level, from {x} to {x2}")
                self.assertEqual(svg.count('class="line cross"'), 1)

    def test_what_is_sent_later_leaves_later(self):
        """At each lifeline, in the order of the times that were measured there."""
        for options in ([], ["--spacing", "even"]):
            root = ElementTree.fromstring(figure(self.client, "--other-end", self.server, "--format", "svg", *options))
            ends = {}
            left = min(x for x, _, _ in drawing.lifelines(root))
            here = [ns for _, _, ns in tshark(self.client)]
            transits = self.transits(self.client, self.server)
            known = [frame for frame in transits if "duration_ns" in transits[frame]]
            for frame, (x, y, x2, y2) in zip(known, self.arrows(root)):
                leaves, took = transits[frame]["way"] == "leaves", transits[frame]["duration_ns"]
                self.assertEqual(leaves, abs(x - left) < 3, frame)
                near, far = (y, y2) if leaves else (y2, y)
                ends.setdefault("near", []).append((here[frame - 1], near))
                ends.setdefault("far", []).append((here[frame - 1] + (took if leaves else -took), far))
            for end in ends.values():
                ordered = [y for _, y in sorted(end)]
                self.assertEqual([round(y) for y in ordered], sorted(round(y) for y in ordered), options)

    def test_no_text_on_another(self):
        if not drawing.CHROMIUM:
            self.skipTest("Chromium is not installed: overlaps were not measured (apt-get install chromium)")
        figures = [(f"{here.name} {options}", figure(here, "--other-end", there, "--format", "svg", *options))
                   for here, there in ((self.client, self.server), (self.server, self.client))
                   for options in ([], ["--spacing", "even"], ["--labels", "wireshark"], ["--labels", "rfc9293"],
                                   ["--labels", "stevens", "--palette", "bw", "--spacing", "even"],
                                   ["--excerpt", "20", "--title", "A way", "--caption", "of 30 ms"])]
        for result in drawing.measure(figures):
            self.assertEqual(result["found"], [], result["name"])
            self.assertGreater(result["texts"], 30)

    def test_pages(self):
        """What is on its way when a page ends is still drawn whole, on that page."""
        out = self.folder / "page.svg"
        figure(self.client, "--other-end", self.server, "--rows-per-page", 5, "-o", out)
        pages = sorted(self.folder.glob("page-*.svg"))
        self.assertGreater(len(pages), 2)
        for page in pages:
            self.assertEqual(drawing.arrows_untrue(ElementTree.parse(page).getroot()), [], page.name)

    def test_what_is_wrong_is_said(self):
        other = SOURCE / "captures/tcp.pcapng"
        for says, status, *words in (
                ("no packet is in both", 1, "--other-end", other),
                ("both were taken at one place", 1, "--other-end", self.client),
                ("There is no file", 1, "--other-end", self.folder / "none.pcap"),
                ("Add --other-end FILE", 2, "--slant", "true"),
                ("--other-end is for --slant true", 2, "--slant", "schematic", "--other-end", self.server)):
            errors = figure(self.client, "-o", self.folder / "no.svg", *words, status=status)
            self.assertIn(says, errors)
            self.assertEqual(errors.count("\n"), 1, errors)
            self.assertFalse((self.folder / "no.svg").exists())

    def test_two_that_do_not_fit(self):
        """The other end's second half an hour late: no clock does that."""
        first, second, both = (self.folder / name for name in ("1.pcap", "2.pcap", "both.pcap"))
        frames = len(tshark(self.server))
        subprocess.run(["editcap", "-F", "pcap", "-r", self.server, first, f"1-{frames // 2}"], check=True)
        subprocess.run(["editcap", "-F", "pcap", "-r", "-t", "3600", self.server, second,
                        f"{frames // 2 + 1}-{frames}"], check=True)
        subprocess.run(["mergecap", "-F", "pcap", "-w", both, first, second], check=True)
        self.assertIn("do not fit together", figure(self.client, "--other-end", both, "-o", self.folder / "no.svg",
                                                    status=1))

    def test_html_says_it(self):
        page = figure(self.client, "--other-end", self.server, "--format", "html")
        labels = re.findall(r'<g class="labels">.*?</g>\n</g>', page, re.S)
        self.assertEqual(len(labels), 1)
        self.assertIn("measured at both ends", page)


if __name__ == "__main__":
    lacking = two_ends.missing() or next((f"{p} is not installed" for p in ("tshark", "editcap", "mergecap")
                                          if not shutil.which(p)), None)
    if lacking:
        print(f"SKIPPED, LOUDLY: {lacking}", file=sys.stderr)
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plots as figures: XML, no text on another one, PDF and PNG, xplot's format, bad options.

usage: test_plots.py PKTLADDER SOURCE"""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import drawing
import test_drawing
from test_drawing import CAPTURES, DANGEROUS, SHARED, figure

# Public captures, where they are, and a conversation with trouble in it.
OTHERS = [("ipfixprobe__ovpn.pcap", 1), ("tcptrace__urgent.dmp.gz", 0), ("brimcap__oneflow.pcap", 0),
          ("libtrace__ip-in-mpls.pcap.gz", 0), ("mercury__redis.pcap", 0)]
KINDS = ["sequence", "rtt", "throughput", "flight"]
VARIANTS = [[], ["--palette", "bw", "--width", "400"], ["--width", "1200", "--title", DANGEROUS],
            ["--width", "330", "--title", "x" * 300]]


def plots():
    """(name, svg) of every capture, kind, direction and variant."""
    found = []
    pairs = [(path, 0) for path in CAPTURES]
    pairs += [(SHARED / name, n) for name, n in OTHERS if (SHARED / name).exists()]
    for path, number in pairs:
        for kind in KINDS:
            for side in ("client", "server"):
                options = VARIANTS[len(found) % len(VARIANTS)]
                run = figure(path, "--conversations", number, "--plot", kind, "--direction", side,
                             "--format", "svg", *options)
                assert run.returncode == 0, run.stderr
                found.append((f"{path.name} {kind} {side} {options[:2]}", run.stdout.decode()))
    return found


class Plots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plots = plots()

    def test_it_is_xml(self):
        for name, source in self.plots:
            root = ElementTree.fromstring(source)
            self.assertGreater(len(root.findall(f".//{drawing.SVG}text")), 2, name)
            self.assertNotIn("nan", source, name)

    def test_no_text_on_another(self):
        if not drawing.CHROMIUM:
            self.skipTest("Chromium is not installed: overlaps were not measured")
        results = drawing.measure(self.plots)
        self.assertEqual(len(results), len(self.plots))
        for result in results:
            self.assertEqual(result["found"], [], result["name"])

    def test_small_and_the_same_again(self):
        for path in CAPTURES:
            arguments = (path, "--conversations", 0, "--plot", "throughput", "--format", "svg")
            one = figure(*arguments).stdout
            self.assertEqual(one, figure(*arguments).stdout)
            self.assertLess(len(one), 10000)

    def test_each_series_is_a_class(self):
        run = figure(test_drawing.SOURCE / "captures/bulk.pcap", "--plot", "sequence",
                     "--direction", "server", "--format", "svg")
        root = ElementTree.fromstring(run.stdout)
        classes = {item.get("class") for item in root.iter(f"{drawing.SVG}path")}
        self.assertLessEqual({"data", "again", "ack", "window", "sack", "axis", "grid"}, classes)
        self.assertIn(b"prefers-color-scheme:dark", run.stdout)

    def test_pdf_and_png(self):
        if not shutil.which("rsvg-convert"):
            self.skipTest("rsvg-convert is not installed")
        with tempfile.TemporaryDirectory() as folder:
            for suffix, magic in ("pdf", b"%PDF"), ("png", b"\x89PNG"):
                out = pathlib.Path(folder) / f"plot.{suffix}"
                run = figure(CAPTURES[0], "--conversations", 0, "--plot", "sequence", "-o", out)
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertTrue(out.read_bytes().startswith(magic))

    def test_xpl(self):
        """Each line is one that xplot reads."""
        number = r"\d+\.\d{6} \d+"
        reads = re.compile(rf"line {number} {number}|[ud]arrow {number}|[ud]tick {number}|"
                           rf"[ab]text {number}|white|green|yellow|red|pink|purple|orange|go|"
                           r"[A-Z]{1,3}")
        paths = [(path, 0) for path in CAPTURES if "tcp" in path.name]
        paths += [(SHARED / name, n) for name, n in OTHERS if (SHARED / name).exists()]
        for path, conversation in paths:
            run = figure(path, "--conversations", conversation, "--plot", "sequence", "--format", "xpl")
            self.assertEqual(run.returncode, 0, run.stderr)
            lines = run.stdout.decode().splitlines()
            self.assertEqual([lines[0], lines[1]], ["timeval unsigned", "title"])
            self.assertEqual(lines[3:7], ["xlabel", "Time", "ylabel", "Sequence Number"])
            for line in lines[7:]:
                self.assertRegex(line, f"^({reads.pattern})$")
            self.assertEqual(lines[-1], "go")
            self.assertGreater(sum(line.startswith("line") for line in lines), 5)

    def test_time_is_the_ladders(self):
        """The demo's calls come half a second before its first packet."""
        run = figure(CAPTURES[0].parent / "tcp.pcapng", "--plot", "sequence", "--format", "svg")
        ticks = [float(tick) for tick in re.findall(r">([0-9.]+) s<", run.stdout.decode())]
        self.assertGreater(len(ticks), 4)
        self.assertTrue(0.4 < min(ticks) < max(ticks) < 1.3, ticks)

    def test_bad_options(self):
        demo = next(path for path in CAPTURES if path.name == "tcp.pcapng")
        for arguments, word in [
                (["--plot", "speed", "--format", "svg"], "sequence, rtt, throughput, flight"),
                (["--plot", "rtt", "--direction", "up", "--format", "svg"], "client, server"),
                (["--plot", "rtt", "--format", "text"], "svg, pdf or png"),
                (["--plot", "rtt", "--format", "xpl"], "--plot sequence"),
                (["--direction", "client", "--format", "svg"], "--plot"),
                (["--plot", "rtt", "--conversations", "7", "--format", "svg"], "7"),
                (["--format", "xpl"], "--plot sequence")]:
            run = figure(demo, *arguments, check=False)
            self.assertIn(run.returncode, (1, 2), arguments)
            self.assertIn(word, run.stderr.decode(), arguments)
            self.assertEqual(run.stdout, b"")
            self.assertEqual(run.stderr.count(b"\n"), 1, run.stderr)

    def test_one_of_several(self):
        path = test_drawing.SOURCE / "captures/several.pcapng"
        run = subprocess.run([test_drawing.PKTLADDER, "figure", path, "--plot", "rtt", "--format", "svg"],
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, 2)
        self.assertIn("--conversations", run.stderr)


if __name__ == "__main__":
    unittest.main(argv=["test_plots.py"], verbosity=2)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Drawn figures of all captures, in all styles: whole, true, apart; the same bytes again.

usage: test_drawing.py PKTLADDER SOURCE"""
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import drawing

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
from common import others  # noqa: E402

PKTLADDER, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
SHARED = others(SOURCE.parent / "shared/captures", SOURCE / "captures")
CAPTURES = sorted((SOURCE / "captures").glob("*.pcapng"))
# Public captures, where they are: retransmissions, resets, SACK, notes, long and odd ones.
OTHERS = ["ipfixprobe__ovpn.pcap", "suricata-verify__4__input.pcap", "suricata-verify__input.pcap",
          "suricata-verify__bug-5881-01-input.pcap", "dnscap__frags.pcap", "suricata-verify__frag-22.pcap"]
DANGEROUS = "<&>\"' </text> ]]> é ü 日本語 ❤ 🦀 e\u0301 \u202egnp.exe \x01 #;%%{x}%% \\ ${x}"
VARIANTS = [
    [], ["--labels", "stevens"], ["--labels", "rfc9293", "--numbers", "absolute"],
    ["--labels", "wireshark", "--time", "utc"], ["--slant", "schematic"],
    ["--spacing", "time", "--time", "delta"], ["--no-calls", "--no-states", "--time", "none"],
    ["--excerpt", "40", "--palette", "bw"], ["--fold", "--width", "700"], ["--width", "1600"],
    ["--font", "DejaVu Sans"],
    ["--slant", "schematic", "--labels", "stevens", "--excerpt", "12", "--title", DANGEROUS,
     "--caption", DANGEROUS + " " + "long " * 60, "--name", "127.0.0.1:5000=" + DANGEROUS],
]


def figure(*arguments, check=True, environment=None, **more):
    run = subprocess.run([PKTLADDER, "figure", *map(str, arguments)], capture_output=True,
                         env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", **(environment or {})},
                         timeout=300, **more)
    if check and run.returncode not in (0, 1, 3):
        raise AssertionError(run.stderr.decode())
    return run


def svg(capture, *arguments):
    run = figure(capture, "--format", "svg", *arguments)
    return run.stdout.decode() if run.stdout else None


def captures():
    return CAPTURES + [SHARED / name for name in OTHERS if (SHARED / name).exists()]


LANES = [[*words, "--conversations", "all"] for words in (
    [], ["--no-calls"], ["--labels", "stevens", "--slant", "schematic"], ["--labels", "rfc9293", "--no-calls"],
    ["--labels", "wireshark"], ["--no-calls", "--excerpt", "30", "--slant", "schematic"],
    ["--spacing", "time", "--fold"], ["--palette", "bw", "--width", "1200"])]
OTHERS_LANES = ["PcapPlusPlus__four_ipv6_http_streams.pcap", "PcapPlusPlus__IcmpPackets.pcap",
                "nDPI__h323.pcap", "nDPI__vxlan.pcap", "suricata-verify__2__tfo.pcap"]


def several_lanes():
    return [SOURCE / "captures/several.pcapng"] + [SHARED / name for name in OTHERS_LANES
                                                   if (SHARED / name).exists()]


class Drawing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.figures = [(f"{path.name} {' '.join(options)[:60]}", svg(path, *options), path, options)
                       for path in captures() for options in VARIANTS]
        # Lanes, a lane for each endpoint: what the figure of several conversations is by itself.
        cls.figures += [(f"{path.name} lanes {' '.join(options)[:60]}", svg(path, *options), path, options)
                        for path in (several_lanes()) for options in LANES]
        cls.figures = [f for f in cls.figures if f[1]]

    def test_it_is_xml_and_arrows_are_true(self):
        arrows = 0
        for name, source, *_ in self.figures:
            root = ElementTree.fromstring(source)
            self.assertEqual(drawing.arrows_untrue(root), [], name)
            arrows += source.count('class="head"')
        self.assertGreater(arrows, 100)

    def test_text_holds_every_label(self):
        """The labels, calls and states of the SVG are those of the text, whole."""
        seen = 0
        for name, source, path, options in self.figures:
            if "--width" in options:
                continue
            root = ElementTree.fromstring(source)
            plain = figure(path, "--format", "text", *options).stdout.decode()
            for what in "label", "call", "state":
                for text in drawing.texts(root, what):
                    self.assertTrue(text in plain, f"{name}: {what}: {text} is not in the text")
                    seen += 1
        self.assertGreater(seen, 500)

    def test_dangerous_texts(self):
        root = ElementTree.fromstring(svg(CAPTURES[0], "--title", DANGEROUS, "--caption", DANGEROUS,
                                          "--name", "127.0.0.1:5000=" + DANGEROUS))
        safe = DANGEROUS.replace("\u202e", "\\u{202E}").replace("\x01", "\\x01")
        for what in "title", "caption", "who":
            self.assertIn(safe, drawing.texts(root, what), what)

    def test_dangerous_payload(self):
        payload = "<b>&amp;\"' ]]> 日本 e\u0301 🦀 \u202e".encode() + b"\x00\x1b[31m\xff\r\n"
        udp = struct.pack(">HHHH", 40000, 5000, 8 + len(payload), 0) + payload
        packet = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes([127, 0, 0, 1]),
                             bytes([127, 0, 0, 1])) + udp
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
            file.write(struct.pack("<IIII", 1, 0, len(packet), len(packet)) + packet)
            file.flush()
            root = ElementTree.fromstring(svg(file.name, "--excerpt", "99"))
        self.assertEqual(drawing.texts(root, "label"), [
            f"datagram {len(payload)} B \"<b>&amp;\\\"' ]]> 日本 e\u0301 🦀 \\u{{202E}}\\x00\\x1b[31m\\xff\\x0d\\x0a\""])

    def test_no_text_on_another(self):
        if not drawing.CHROMIUM:
            self.skipTest("Chromium is not installed: overlaps were not measured (apt-get install chromium)")
        results = drawing.measure([(name, source) for name, source, *_ in self.figures])
        self.assertEqual(len(results), len(self.figures))
        for result in results:
            self.assertGreater(result["texts"], 3, result["name"])
            self.assertEqual(result["found"], [], result["name"])

    def test_the_measure_sees_an_overlap(self):
        if not drawing.CHROMIUM:
            self.skipTest("Chromium is not installed")
        bad = svg(CAPTURES[0]).replace("</svg>", '<text x="60" y="60">one</text><text x="62" y="62">two</text>'
                                                 '<text x="-9" y="9">three</text></svg>')
        found = " ".join(drawing.measure([("bad", bad)])[0]["found"])
        self.assertIn("one | two", found)
        self.assertIn("outside: three", found)

    def test_lanes_come_by_themselves(self):
        """3 to 12 endpoints have a lane each; a chosen part has those of its own."""
        several = SOURCE / "captures/several.pcapng"
        for options, lanes in ([], 6), (["--frames", "1-3"], 2), (["--show", "port 5000"], 3):
            root = ElementTree.fromstring(svg(several, *options))
            self.assertEqual(len(drawing.lifelines(root)), lanes, options)
        self.assertEqual(svg(several), svg(several, "--conversations", "all"))

    def test_the_same_bytes(self):
        """Of each format, whatever the locale, where the language is the same."""
        formats = [line.split()[0] for line in figure("--format", "help").stdout.decode().split("\n\n")[0].splitlines()]
        self.assertGreater(len(formats), 12)
        for capture in CAPTURES:
            for name in formats:
                words = [capture, "--format", name, "--conversations", "0"]
                words += ["--plot", "sequence"] if name == "xpl" else []
                if name == "xpl" and capture.stem.startswith("udp") or name in ("pdf", "png") and not shutil.which("rsvg-convert"):
                    continue
                one = figure(*words).stdout
                self.assertGreater(len(one), 250, words)
                for locale in {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "es_ES.UTF-8", "LANGUAGE": "en"}:
                    self.assertTrue(figure(*words, environment=locale).stdout == one, (words, locale))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)

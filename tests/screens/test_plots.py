#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The plots of the real program in a real terminal.

    test_plots.py PKTLADDER BENCH-GENERATE [unittest's options]
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tmux  # noqa: E402  pylint: disable=wrong-import-position

PROGRAM = GENERATE = ""
DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../captures/tcp.pcapng")
PACKETS = 200000


def braille(text):
    """How many cells hold dots."""
    return sum("\u2800" < character <= "\u28ff" for character in text)


class Plots(unittest.TestCase):
    """Small and large."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pktladder-plots-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.chmod(cls.folder, 0o755)
        cls.capture = os.path.join(cls.folder, "one.pcap")
        subprocess.run([GENERATE, cls.capture, str(PACKETS), "1"], check=True)

    def open(self, capture, columns=80, rows=24, words=(), **options):
        terminal = tmux.Terminal(columns, rows, **options)
        self.addCleanup(terminal.close)
        terminal.start(f"cd {self.folder}; " + shlex.join([PROGRAM, capture, *words]))
        terminal.wait_for(" END", 60)
        return terminal

    def test_cursor_moves_the_ladder(self):
        """Four packets on in the plot, and the ladder stands there; and back."""
        terminal = self.open(DEMO)
        terminal.keys("v")
        terminal.wait_for("frame 1 ")
        terminal.wait_for("SYN")
        for frame in (2, 3, 4, 5):
            terminal.keys("Right")
            terminal.wait_for(f"frame {frame} ")
        values = re.search(r"ack=(\d+)", terminal.settle()).group(0)
        terminal.keys("v", "Enter")  # the ladder, and the row's detail
        text = terminal.settle()
        for wanted in ("Detail", "12 bytes of frame 4", values):  # what frame 5 acknowledges
            self.assertIn(wanted, text)
        terminal.keys("Enter", "G", "v")
        terminal.wait_for("frame 11 ")

    def test_beside(self):
        terminal = self.open(DEMO, 200, 50)
        terminal.keys("v")
        text = terminal.settle()
        self.assertIn("1 sequence", text)
        self.assertIn("Client 127.0.0.1", text)
        for key, frame in (("G", 11), ("Home", 1), ("G", 11)):
            terminal.keys(key)
            self.assertIn(f"frame {frame} ", terminal.settle())
        for key, wanted in (("2", "RTT"), ("3", "all payload"), ("4", "in flight"), ("R", "server sent")):
            terminal.keys(key)
            before, text = text, terminal.settle()
            self.assertIn(wanted, text)
            self.assertNotEqual(text, before)

    def test_large(self):
        """Progress, all of it, and packet by packet where it is looked at closely."""
        cast = os.path.join(self.folder, "large.cast")
        terminal = self.open(self.capture, 120, 40, ["--cast", cast])
        terminal.keys("v")
        text = terminal.settle(120)
        with open(cast, encoding="utf-8") as file:
            self.assertRegex(file.read(), r"\d %")
        self.assertIn("1 sequence", text)
        self.assertGreater(braille(text), 60)
        self.assertNotRegex(text, r"\d %")
        self.assertNotIn("win=", text)  # of many packets there is no one window
        terminal.keys(*["+"] * 6)
        self.assertIn("win=", terminal.settle(120))
        terminal.keys("Right", "Right")
        self.assertIn("frame 3 ", terminal.settle(120))
        terminal.keys("0", "End")
        self.assertIn(f"frame {PACKETS} ", terminal.settle(120))

    def test_without_braille(self):
        for options in ({"env": {"LC_ALL": "C"}}, {"term": "linux"}):
            terminal = self.open(DEMO, 80, 24, **options)
            terminal.keys("v")
            text = terminal.settle()
            self.assertEqual(braille(text), 0)
            for wanted in ("frame 1 ", "FIN"):
                self.assertIn(wanted, text)
            if "env" in options:
                self.assertTrue(text.isascii(), text)

    def test_resize(self):
        terminal = self.open(DEMO, 200, 50)
        terminal.keys("v")
        self.assertIn("1 sequence", terminal.settle())
        terminal.resize(40, 8)
        self.assertIn("The plot needs", terminal.settle())
        terminal.resize(10, 3)
        self.assertNotIn("The plot", terminal.settle())
        terminal.resize(80, 24)
        self.assertIn("frame 1 ", terminal.settle())

    def test_help(self):
        terminal = self.open(DEMO, 120, 40)
        terminal.wait_for("v plots")
        terminal.keys("v")
        terminal.wait_for("+- zoom")

    def test_plot_as_a_figure(self):
        """w writes the plot that is shown; formats of ladders only are refused."""
        terminal = self.open(DEMO)
        name = os.path.join(self.folder, "plot")
        terminal.keys("v", "w")
        terminal.wait_for("figure as:")
        terminal.type("plot.txt")
        terminal.keys("Enter")
        terminal.wait_for("Tab shows them")
        terminal.keys("BSpace", "BSpace", "BSpace", "BSpace", "Tab")
        terminal.wait_for(".svg")
        terminal.keys("Enter")
        terminal.wait_for("The plot was written into")
        with open(name + ".svg", encoding="utf-8") as file:
            whole = file.read()
        terminal.keys("3", "R", "w")
        terminal.type("plot.svg")
        terminal.keys("Enter")
        terminal.wait_for("exists")
        terminal.keys("Enter")
        terminal.wait_for("The plot was written into")
        with open(name + ".svg", encoding="utf-8") as file:
            self.assertNotEqual(whole, file.read())
        terminal.keys("w")
        terminal.type("plot.xpl")  # xplot's format has no throughput
        terminal.keys("Enter")
        terminal.wait_for("Tab shows them")
        terminal.keys("Escape", "1", "R", "w")
        terminal.type("plot.xpl")
        terminal.keys("Enter")
        terminal.wait_for("The plot was written into")
        for suffix in ("svg", "xpl"):
            subprocess.run([PROGRAM, "figure", DEMO, "--plot", "sequence", "--direction", "client",
                            "-o", f"{name}-2.{suffix}"], check=True)
        with open(name + "-2.svg", encoding="utf-8") as file:
            self.assertEqual(whole, file.read())
        with open(name + "-2.xpl", encoding="utf-8") as file, \
                open(name + ".xpl", encoding="utf-8") as written:
            self.assertEqual(written.read(), file.read())


if __name__ == "__main__":
    if not tmux.available():
        print("SKIPPED: there is no tmux here, so that no screen was tested (apt install tmux)",
              file=sys.stderr)
        sys.exit(77)
    if len(sys.argv) < 3 or not all(os.access(path, os.X_OK) for path in sys.argv[1:3]):
        sys.exit(__doc__)
    PROGRAM, GENERATE = os.path.abspath(sys.argv.pop(1)), os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)

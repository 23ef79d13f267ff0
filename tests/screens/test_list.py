#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The list of conversations of the real program in a real terminal.

    test_list.py PKTLADDER BENCH-GENERATE [unittest's options]
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
PACKETS, CONVERSATIONS = 20000, 400
SIZES = [(80, 24), (120, 40), (200, 50)]


class List(unittest.TestCase):
    """A capture of many conversations."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pktladder-list-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.chmod(cls.folder, 0o755)
        cls.capture = os.path.join(cls.folder, "many.pcap")
        subprocess.run([GENERATE, cls.capture, str(PACKETS), str(CONVERSATIONS)], check=True)
        done = subprocess.run([PROGRAM, "list", cls.capture, "--format", "tsv",
                               "--sort", "-retransmissions"], check=True, capture_output=True,
                              encoding="utf-8")
        names, *lines = (line.split("\t") for line in done.stdout.splitlines())
        cls.rows = [dict(zip(names, line)) for line in lines]

    def open(self, columns=80, rows=24, **options):
        """The ladder of the whole file, once it is loaded."""
        terminal = tmux.Terminal(columns, rows, **options)
        self.addCleanup(terminal.close)
        terminal.start(f"cd {self.folder}; " + shlex.join([PROGRAM, "many.pcap"]))
        terminal.wait_for("END")
        terminal.wait_for(f"/{PACKETS}")
        terminal.rest()
        return terminal

    def test_told(self):
        """How many there are, and the key, without asking."""
        terminal = self.open()
        terminal.wait_for(f"all {CONVERSATIONS} conversations")
        terminal.wait_for(f"l list ({CONVERSATIONS})")

    def test_head(self):
        """Over the rows of several conversations stand the ends of the selected one's."""
        terminal = self.open(100, 24)
        ends = {row["number"]: (row["client"], row["server"]) for row in self.rows}
        text = subprocess.run([PROGRAM, self.capture, "--text"], check=True, capture_output=True,
                              stdin=subprocess.DEVNULL, encoding="utf-8").stdout
        rows = [line for line in text.splitlines() if re.match(r" *\d+\.\d{6} ", line)]
        self.assertEqual(len(rows), PACKETS)
        for row in range(1, 200, 37):
            terminal.type(f":{row}")
            terminal.keys("Enter")
            number = re.search(r"#(\d+) ", rows[row - 1])
            client, server = ends[number[1] if number else "0"]
            head = terminal.settle().splitlines()[1]
            self.assertRegex(head, rf"{number[0] if number else ' '}Client {re.escape(client)} ")
            self.assertIn(f"Server {server}", head)

    def test_sizes(self):
        for columns, rows in SIZES:
            with self.subTest(columns=columns):
                terminal = self.open(columns, rows)
                terminal.keys("l")
                terminal.wait_for(f"{CONVERSATIONS} conversations ─")
                terminal.keys("R")
                lines = terminal.settle().splitlines()
                self.assertIn("#▼", lines[2])
                self.assertEqual(len(lines), rows)
                first = lines[3].split()
                self.assertEqual(first[0], str(CONVERSATIONS - 1))
                row = next(row for row in self.rows if row["number"] == first[0])
                for name in ("client", "server", "state", "packets", "retransmissions"):
                    self.assertIn(row[name], first)
                self.assertEqual(lines[-1].split()[-1], f"1/{CONVERSATIONS}")
                terminal.keys("End")
                lines = terminal.settle().splitlines()
                self.assertIn(f"{CONVERSATIONS}/{CONVERSATIONS}", lines[-1])
                self.assertIn(" 0 ", lines[-2])
                terminal.keys("Escape")
                terminal.wait_for("Enter detail")
                terminal.keys("q")
                terminal.wait_gone("Enter detail")

    def test_sort_mark_and_show(self):
        """The two that lost most, on one ladder; the same order as `list` has."""
        terminal = self.open(120, 40)
        terminal.keys("l")
        text = terminal.settle()
        while "Retr▼" not in text:
            terminal.keys("<")
            before, text = text, terminal.settle()
            self.assertNotEqual(text, before, "no other order")
        shown = [line.split()[0] for line in text.splitlines()[3:23]]
        self.assertEqual(shown, [row["number"] for row in self.rows[:20]])
        terminal.keys("m", "m")
        terminal.wait_for("2 marked")
        terminal.keys("Enter")
        terminal.wait_for(f"2 of {CONVERSATIONS} conversations")
        two = {row["number"] for row in self.rows[:2]}
        text = terminal.settle()
        self.assertTrue(any(f"#{number} SYN" in text for number in two), text)
        rows = sum(int(row["packets"]) for row in self.rows[:2])
        terminal.wait_for(f"1/{rows}")

    def test_filter_and_show(self):
        terminal = self.open()
        client = self.rows[7]["client"]
        terminal.keys("l", "/")
        terminal.wait_for("Filter:")
        terminal.type(client + "x")
        terminal.wait_for(f"0 of {CONVERSATIONS} conversations")
        terminal.keys("BSpace")
        terminal.wait_for(f"1 of {CONVERSATIONS} conversations")
        terminal.keys("Enter")
        terminal.wait_for(f"filter: {client}")
        terminal.keys("Enter")
        terminal.wait_for(f"Client {client}")
        terminal.wait_for(f"TCP #{self.rows[7]['number']}")
        terminal.wait_for(f"1/{self.rows[7]['packets']}")
        terminal.keys("l")
        terminal.wait_for(f"filter: {client}")
        terminal.keys("Escape")
        terminal.wait_for(f"{int(self.rows[7]['number']) + 1}/{CONVERSATIONS}")

    def test_ascii(self):
        terminal = self.open(columns=150, env={"LC_ALL": "C"})
        terminal.keys("l")
        terminal.wait_for(f"{CONVERSATIONS} conversations -")
        text = terminal.settle()
        self.assertIn("#^", text)
        self.assertTrue(text.isascii(), text)

    def test_resize(self):
        """From wide to hardly anything, and back."""
        terminal = self.open(200, 50)
        terminal.keys("l")
        self.assertIn("Activity", terminal.settle())
        terminal.resize(30, 8)
        text = terminal.settle()
        self.assertIn("Server", text)
        self.assertNotIn("Activity", text)
        terminal.resize(10, 3)
        self.assertNotIn("Server", terminal.settle())
        terminal.resize(200, 50)
        self.assertIn("Activity", terminal.settle())


if __name__ == "__main__":
    if not tmux.available():
        print("SKIPPED: there is no tmux here, so that no screen was tested (apt install tmux)",
              file=sys.stderr)
        sys.exit(77)
    if len(sys.argv) < 3 or not all(os.access(path, os.X_OK) for path in sys.argv[1:3]):
        sys.exit(__doc__)
    PROGRAM, GENERATE = os.path.abspath(sys.argv.pop(1)), os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)

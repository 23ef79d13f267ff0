#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Filter, search and go to, of the real program in a real terminal.

    test_find.py PKTLADDER BENCH-GENERATE [unittest's options]
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
PACKETS, CONVERSATIONS = 100000, 200
DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../captures/tcp.pcapng")


def shown(capture, expression):
    """How many rows the text output has with --show."""
    done = subprocess.run([PROGRAM, "replay", capture, "--text", "--show", expression], check=True,
                          stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8")
    names = re.compile(" Client .* Server ")  # again where the conversation changes
    return sum(not names.search(line) for line in done.stdout.splitlines()) - 1  # what columns are


class Find(unittest.TestCase):
    """A capture of many packets."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pktladder-find-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.chmod(cls.folder, 0o755)
        cls.capture = os.path.join(cls.folder, "many.pcap")
        subprocess.run([GENERATE, cls.capture, str(PACKETS), str(CONVERSATIONS)], check=True)

    def open(self, capture=None, columns=120, rows=30, words=()):
        """The ladder, once it is loaded."""
        terminal = tmux.Terminal(columns, rows)
        self.addCleanup(terminal.close)
        terminal.start(f"cd {self.folder}; " + shlex.join([PROGRAM, capture or "many.pcap", *words]))
        terminal.wait_for(" END", 60)
        return terminal

    def ask(self, terminal, key, text):
        terminal.type(key)
        terminal.wait_for({"f": "filter:", "/": "search:", ":": "go to:"}[key])
        terminal.type(text)
        terminal.keys("Enter")

    def test_filter(self):
        """What is left is what --show leaves, and clearing it brings everything back."""
        terminal = self.open()
        for expression in ("retransmission", "fin and from server", "len > 500 or syn-ack"):
            rows = shown(self.capture, expression)
            self.assertGreater(rows, 0)
            terminal.type("f")
            terminal.wait_for("filter:")
            terminal.keys("C-u")
            terminal.type(expression)
            terminal.keys("Enter")
            terminal.wait_for(f"filter: {expression} ({PACKETS - rows} of {PACKETS} left out)")
            terminal.wait_for(f"/{rows}")
        terminal.type("f")
        terminal.keys("C-u", "Enter")
        terminal.wait_gone("left out")
        terminal.wait_for(f"/{PACKETS}")

    def test_typing(self):
        """The keys of a line that is edited, as a terminal sends them."""
        terminal = self.open()
        terminal.type("f")
        terminal.type("synx fin")
        terminal.wait_for('filters have no word "synx"')
        for _ in range(4):
            terminal.keys("Left")
        terminal.keys("BSpace")
        terminal.wait_for("filter: syn fin")
        terminal.keys("Home", "DC")
        terminal.wait_for("filter: yn fin")
        terminal.type("s")
        terminal.keys("End")
        terminal.type(" retr")
        terminal.keys("Tab")
        terminal.wait_for("filter: syn fin retransmission")
        terminal.keys("C-w")
        terminal.type("and port x")
        terminal.wait_for("^ column 18: expected a number after \"port\"")
        terminal.keys("Enter")
        terminal.wait_for("filter: syn fin and port x")
        terminal.keys("Escape")
        terminal.wait_gone("filter:")
        terminal.wait_for(f"/{PACKETS}")

    def test_search(self):
        """It says how far it is, and comes to an end. Stopping it: test_keys.py."""
        cast = os.path.join(self.folder, "search.cast")
        terminal = self.open(words=["--cast", cast])
        self.ask(terminal, "/", "nowhere to be found")
        self.assertIn('"nowhere to be found" is nowhere in these rows.', terminal.settle(120))
        with open(cast, encoding="utf-8") as file:
            self.assertRegex(file.read(), r"Searching for \\\"nowhere to be found\\\": \d+%")
        self.ask(terminal, "/", "fin-ack")
        first = self.position(terminal)
        self.assertGreater(first, 1)
        terminal.type("n")
        self.assertGreater(self.position(terminal), first)
        terminal.type("N")
        self.assertEqual(self.position(terminal), first)

    def position(self, terminal):
        """The selected row, once all keys have had their effects."""
        return int(re.search(rf"(\d+)/{PACKETS}", terminal.settle(120)).group(1))

    def test_payload(self):
        terminal = self.open(DEMO)
        self.ask(terminal, "/", "hello")
        terminal.wait_for('"hello" is in the payload')
        terminal.keys("Enter", "Tab")
        terminal.wait_for("Tab: back to the ladder")
        terminal.keys("End")
        terminal.wait_for("68 65 6c 6c 6f")

    def test_problem(self):
        """Each one that is gone to is a row of --show problem."""
        rows = shown(self.capture, "problem")
        terminal = self.open()
        self.ask(terminal, "f", "problem")
        terminal.wait_for(f"/{rows}")
        terminal.type("f")
        terminal.keys("C-u", "Enter")
        terminal.wait_for(f"/{PACKETS}")
        terminal.keys("Home")
        terminal.type("e")
        first = self.position(terminal)
        self.assertGreater(first, 1)
        terminal.type("e")
        self.assertGreater(self.position(terminal), first)
        terminal.type("E")
        self.assertEqual(self.position(terminal), first)
        terminal.type("E")
        terminal.wait_for("The search went on from the last row.")

    def test_goto(self):
        terminal = self.open()
        self.ask(terminal, ":", "54321")
        terminal.wait_for(f" 54321/{PACKETS}")
        self.ask(terminal, ":", "0.0")
        terminal.wait_for(f" 1/{PACKETS}")
        self.ask(terminal, ":", "+0.01")
        self.assertGreater(self.position(terminal), 1)
        self.ask(terminal, ":", str(PACKETS + 1))
        terminal.wait_for(f"There is no frame {PACKETS + 1}: they go from 1 to {PACKETS}.")


if __name__ == "__main__":
    if not tmux.available():
        print("SKIPPED: there is no tmux here, so that no screen was tested (apt install tmux)",
              file=sys.stderr)
        sys.exit(77)
    if len(sys.argv) < 3 or not all(os.access(path, os.X_OK) for path in sys.argv[1:3]):
        sys.exit(__doc__)
    PROGRAM, GENERATE = os.path.abspath(sys.argv.pop(1)), os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)

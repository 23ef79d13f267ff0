#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No key is lost at any speed of typing: the same keys sent at once and one by one,
each when the one before has had its effect, end in the same screen. On every page
each key of the table (src/tui/key_table.c) that acts there; while something goes
on in slices; before the first screen; in pieces.

    test_keys.py PKTLADDER BENCH-GENERATE [unittest's options]
"""

import concurrent.futures
import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import frames  # noqa: E402  pylint: disable=wrong-import-position
import tmux  # noqa: E402  pylint: disable=wrong-import-position

PROGRAM = GENERATE = ""
HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "../../src/tui/key_table.c")
CAPTURES = os.path.join(HERE, "../../captures")
SECONDS = 120  # nothing takes so long, but on a machine that does much else

# What the table calls them, and tmux.
NAMES = {"Space": "Space", "Enter": "Enter", "Tab": "Tab", "Esc": "Escape", "Home": "Home", "End": "End",
         "PgUp": "PageUp", "PgDn": "PageDown", "Up": "Up", "Down": "Down", "Left": "Left", "Right": "Right"}
# Keys after which something is typed; and what ends a playback where one may run, since the
# time that passes is another each time: a jump, and a step back, which pauses it.
TYPED = {"f": ["tcp", "Enter"], "/": ["hello", "Enter"], ":": ["7", "Enter"], "s": ["x.pcapng", "Enter"],
         "w": ["x.svg", "Enter"], "S": ["x.txt", "Enter"]}
# No key waits for a file, and none that is typed behind these hides that it was written.
WRITING = {"s", "w", "S"}
PAUSED = ["6", ","]
HOME = ["Escape"] * 6 + ["C-l"]  # whatever is open: closed
ENDS = {"C-c", "C-z"}            # have tests of their own, and so has q on the ladder
ALL = {"EVERYWHERE", "MOVING", "FINDING", "SHOWN", "LIVE", "PLAYBACK", "FILES", "LIST", "PLOT"}
# The keys that lead to a page, and the groups of the table that are tried there.
PAGES = {
    "ladder": ([], ALL),
    "folds": (["z", "x"], {"MOVING", "SHOWN", "FINDING"}),
    "lanes": (["l", "M", "Enter"], {"MOVING", "SHOWN", "FINDING"}),
    "spaced": (["T", "]"], {"MOVING", "FINDING"}),
    "detail": (["Enter", "Tab"], {"EVERYWHERE", "MOVING", "SHOWN"}),
    "list": (["l"], ALL - {"SHOWN", "FINDING"}),
    "filtered list": (["l", "/", "4", "5", "Enter"], {"EVERYWHERE", "MOVING", "LIST"}),
    "list's filter": (["l", "/", "5", "0"], {"MOVING"}),
    "plot": (["v"], ALL - {"LIST"}),
    "playback": (["P", *PAUSED], {"EVERYWHERE", "MOVING", "FINDING", "PLAYBACK", "FILES"}),
    "help": (["?"], {"EVERYWHERE", "MOVING", "FILES"}),
    "output": (["o"], {"EVERYWHERE", "MOVING"}),
    "filter's prompt": (["f", "r", "e", "t"], {"MOVING"}),
    "search's prompt": (["/", "a", "b", "Enter", "/"], {"MOVING"}),
    "file's prompt": (["s", "a", "b"], {"MOVING", "EVERYWHERE"}),
}
LADDERS = {"ladder", "folds", "lanes", "spaced", "detail", "playback"}  # where q ends the program


def table():
    """(group, tmux's name) of each key in the table of keys."""
    with open(TABLE, encoding="utf-8") as file:
        text = file.read()
    text = text[text.index("const TuiKeyHelp tui_keys[]"):]
    entry = re.compile(r'LINE\((?:N_\()?"([^"]+)"\)?,\s*(?:NULL|N_\("([^"]+)"\)),.*?TUI_KEYS_(\w+)', re.S)
    found = entry.findall(text)
    if len(found) != len(re.findall(r"\bTUI_KEYS_\w+", text)):
        raise AssertionError(f"{len(found)} entries of the table of keys were understood")
    return [(group, key) for words, in_ascii, group in found for word in (in_ascii or words).split()
            for key in names(word)]


def names(word):
    """tmux's names of a word such as Up/Down, Ctrl-B, 0-9 or +-."""
    if word in NAMES:
        return [NAMES[word]]
    if "/" in word[1:]:
        return [key for part in word.split("/") for key in names(part)]
    if word.startswith("Ctrl-"):
        return ["C-" + word[5:].lower()]
    if re.fullmatch(r"\d-\d", word):
        return [str(digit) for digit in range(int(word[0]), int(word[2]) + 1)]
    if word.isalnum() and len(word) > 1:
        raise AssertionError(f"a key that this test does not know: {word}")
    return list(word)


class Pair:
    """Two terminals with the same in them: for keys at once, and for one by one."""

    def __init__(self, words, columns=100, rows=30, begin=(), **options):
        self.folders = [tempfile.mkdtemp(prefix="pktladder-keys-") for _ in range(2)]
        self.terminals = []
        try:
            for folder in self.folders:
                self.terminals.append(tmux.Terminal(columns, rows, **options))
                self.terminals[-1].start(f"cd {folder}; clear; " + shlex.join([PROGRAM, *words]))
            for terminal in self.terminals:
                terminal.wait_for("PLAYING" if begin else " END", SECONDS)
                terminal.keys(*begin, "C-l")
                terminal.wait_for(" END", SECONDS)
                terminal.settle(SECONDS)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        for terminal in self.terminals:
            terminal.close()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def check_files(self):
        """And what was written is the same."""
        written = []
        for folder in self.folders:
            written.append({})
            for name in os.listdir(folder):
                with open(os.path.join(folder, name), "rb") as file:
                    written[-1][name] = file.read()
        for name in {**written[0], **written[1]}:
            one, other = (found.get(name, b"").decode(errors="replace") for found in written)
            if one != other:
                lines = difflib.unified_diff(one.splitlines(), other.splitlines(), "at once", "one by one")
                raise AssertionError("\n".join([name, *lines]))

    def check(self, keys, what=""):
        """From the ladder on, both end in the same screen."""
        fast, slow = self.terminals
        fast.keys(*HOME, *keys)
        slow.keys(*HOME)
        for key in keys:
            slow.rest(SECONDS)
            slow.keys(key)
        at_once, one_by_one = fast.settle(SECONDS), slow.settle(SECONDS)
        if at_once != one_by_one:
            raise AssertionError(f"{what} {keys}: at once\n{at_once}\none by one\n{one_by_one}")


def keys_of(page, groups):
    """Which keys are pressed on a page."""
    wanted = [key for group, key in table() if group in groups]
    return [key for key in dict.fromkeys(wanted) if key not in ENDS and (key != "q" or page not in LADDERS)]


def press(page):
    """Each key on that page, from the ladder on; how many."""
    opening, groups = PAGES[page]
    keys = keys_of(page, groups)
    typing = page.endswith(("prompt", "'s filter"))
    # so slow that nothing comes by itself
    with Pair(["replay", os.path.join(CAPTURES, "several.pcapng"), "--play", "--speed", "1/100000"],
              begin=["P"]) as pair:
        for key in keys:
            after = TYPED.get(key, []) + ([key] if key == "u" else [])
            after += PAUSED if page == "playback" and key not in WRITING or key in ("Space", "P") else []
            pair.check([*opening, key, *([] if typing else after)], page)
        pair.check_files()
    return len(keys)


class Pages(unittest.TestCase):
    """Every key on every page."""

    def test_covered(self):
        """A key that is added to the table is pressed somewhere."""
        pressed = {(group, key) for page, (_, groups) in PAGES.items() for group in groups
                   for key in keys_of(page, groups)}
        self.assertEqual([key for key in table() if key not in pressed and key[1] not in ENDS], [])

    def test_pages(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for page, number in zip(PAGES, pool.map(press, PAGES)):
                print(f"{page}: {number} keys", flush=True)
                self.assertGreater(number, 8)


class Slices(unittest.TestCase):
    """What goes on in slices is there before a key that depends on it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pktladder-keys-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.many = os.path.join(cls.folder, "many.pcap")
        frames.write_conversations(cls.many, 60000)
        cls.one = os.path.join(cls.folder, "one.pcap")
        subprocess.run([GENERATE, cls.one, "100000", "1"], check=True)

    def check(self, capture, scripts, **options):
        with Pair([capture], **options) as pair:
            for script in scripts:
                pair.check(script.split())

    def test_search(self):
        self.check(self.many, ["/ nowhere Enter j j", "G / syn-ack Enter n n N j", "/ nowhere Enter n N k Home",
                               "f syn-ack Enter / 1024 Enter n n j", "f C-u Enter e E j"])

    def test_rows(self):
        self.check(self.many, ["f syn-ack Enter PageDown PageDown j", "G f C-u Enter k k", "h h PageUp PageUp j",
                               "z PageDown x j", ": 50000 Enter j j", "f syn Enter j f C-u Enter j", "c c C j",
                               "C C j", "T End [ k", "Home T ] PageDown"])

    def test_list(self):
        self.check(self.many, ["l R End k m m Enter j j", "l > > R PageDown Enter c j", "l < End m Up m Enter j",
                               "l M / 10.0.0.0:2 Enter End Enter j", "l Escape l / Escape Home j Enter"])

    def test_plot(self):
        self.check(self.one, ["v End Left Left", "Home v + + Right Right v j", "v 0 G w p.svg Enter",
                              "v v v Home + Right w q.svg Enter"])

    def test_detail(self):
        """The verdict on the last of many packets, which makes the pane longer."""
        self.check(self.one, ["G Enter Tab End k", "G k Enter Tab PageDown PageDown"])

    def test_saved(self):
        """What ends the program waits for the file, unless it is seen that there is none yet."""
        with Pair([self.many]) as pair:
            terminal = pair.terminals[0]
            terminal.keys("s", "out.pcapng", "Enter", "q")
            terminal.wait(lambda: not terminal.program(), "the end", SECONDS)
            done = subprocess.run([PROGRAM, "list", os.path.join(pair.folders[0], "out.pcapng"), "--format", "tsv"],
                                  check=True, capture_output=True)
            self.assertEqual(done.stdout.count(b"\n"), 60001)

    def test_stopped(self):
        """Esc ends what is seen to go on, at once; the keys before it are handled then."""
        with Pair([self.many]) as pair:
            terminal = pair.terminals[0]
            terminal.keys("/", "nowhere to be found", "Enter", *["n"] * 40, "j", "j")
            terminal.wait_for("keys wait", SECONDS)  # for some seconds
            while "Searching for" in terminal.text():
                terminal.keys("Escape")
                time.sleep(.02)
            self.assertIn("3/120000", terminal.settle(SECONDS))


class Ahead(unittest.TestCase):
    """Typed before there is a screen, and at its end."""

    def screens(self, command, keys, shell="sh -i"):
        """The screen where the keys are typed with the command, and after it."""
        found = []
        for ahead in (True, False):
            with tmux.Terminal(100, 30, shell=shell) as terminal:
                terminal.type(command + "\n" + ("".join(keys) if ahead else ""))
                terminal.wait_for(" END", SECONDS)
                for key in [] if ahead else keys:
                    terminal.settle(SECONDS)
                    terminal.type(key)
                found.append(terminal.settle(SECONDS))
        return found

    def test_start(self):
        for name, keys in (("several.pcapng", "ljjmR"), ("tcp.pcapng", "jjjvv\r"), ("several.pcapng", "/hello\rnn")):
            ahead, after = self.screens(f"clear; {PROGRAM} {os.path.join(CAPTURES, name)}", keys)
            self.assertEqual(ahead, after, keys)

    def test_large(self):
        """While a file is read that takes its time: the keys wait for its end."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "many.pcap")
            frames.write_conversations(path, 60000)
            ahead, after = self.screens(f"clear; {PROGRAM} {path}", ["l", "G", "k", "m"])
            self.assertEqual(ahead, after)
            self.assertIn("60000/60000", ahead)

    def test_suspended(self):
        """Ctrl-Z has its place among the keys; what is behind it is for the shell."""
        with tmux.Terminal(100, 30, shell="bash --norc -i") as terminal:
            terminal.start(f"{PROGRAM} {os.path.join(CAPTURES, 'tcp.pcapng')}")
            terminal.wait_for("1/2")
            terminal.settle()
            terminal.type("jjj\x1aecho $((40 + 2)) by the shell\r")
            terminal.wait_for("42 by the shell")
            terminal.start("fg")
            terminal.wait_for("4/2")

    def test_quit(self):
        """What is behind q is for the shell, too."""
        with tmux.Terminal(100, 30) as terminal:
            terminal.start(f"{PROGRAM} {os.path.join(CAPTURES, 'tcp.pcapng')}")
            terminal.wait_for("1/2")
            terminal.settle()
            terminal.type("lqqecho $((40 + 2)) by the shell\r")
            terminal.wait_for("42 by the shell")
            self.assertEqual(terminal.program(), 0)


class Pieces(unittest.TestCase):
    """Sequences, the mouse, pastes, and sizes in between."""

    def pair(self, **options):
        pair = Pair([os.path.join(CAPTURES, "several.pcapng")], **options)
        self.addCleanup(pair.close)
        return pair

    def test_mouse(self):
        pair = self.pair()
        mouse = pair.terminals[0].mouse
        click, down, up = mouse(0, 40, 9), mouse(65, 40, 9), mouse(64, 40, 9)
        for events in ([click, down, "j", click, up], ["l", down, click, "m", mouse(0, 20, 2), click, "\r", click],
                       ["v", mouse(0, 50, 9), mouse(64, 50, 9), mouse(0, 70, 9), "v", down],
                       ["?", down, down, up, "j"], ["\r", mouse(0, 40, 26), down, "j", click, "\t", down]):
            pair.terminals[0].type("".join(events))
            for event in events:
                pair.terminals[1].type(event)
                pair.terminals[1].rest()
            self.assertEqual(*(terminal.settle() for terminal in pair.terminals))
            for terminal in pair.terminals:
                terminal.keys(*HOME)

    def test_sizes(self):
        """A size comes by another way than keys do: among keys that lead to the same at any size."""
        pair = self.pair()
        sizes = [(60, 20), (160, 50), (100, 30)]
        for columns, rows in sizes:
            pair.terminals[0].type("jjlm")
            pair.terminals[0].resize(columns, rows)
            pair.terminals[0].type("jmG\rg")
        for columns, rows in sizes:
            for key in "jjlm":
                pair.terminals[1].type(key)
                pair.terminals[1].rest()
            pair.terminals[1].resize(columns, rows)
            for key in "jmG\rg":
                pair.terminals[1].type(key)
                pair.terminals[1].rest()
        self.assertEqual(*(terminal.settle() for terminal in pair.terminals))

    def test_escape(self):
        """Followed at once by another key, both count; also where that could begin a sequence."""
        for keys in ("?\x1bj", "?\x1bjj\x1b\x1bT", "T\x1b[", "?\x1b[", "l\x1bjj\x1b", "?\x1bO", "v\x1b\x1b[A", "j\x1b[Bj\x1bOB"):
            pair = self.pair()
            sequences = re.findall(r"\x1b\[[AB]|\x1bOB|.", keys, re.S)
            pair.terminals[0].type(keys)
            for key in sequences:
                pair.terminals[1].type(key)
                pair.terminals[1].rest()
            self.assertEqual(*(terminal.settle() for terminal in pair.terminals), keys)
            pair.close()

    def test_broken(self):
        """A sequence that nobody knows, in two pieces: neither is a key."""
        terminal = self.pair().terminals[0]
        before = terminal.text()
        terminal.type("\x1b[1;")
        terminal.rest()
        terminal.type("99q")
        self.assertEqual(terminal.settle(), before)
        terminal.type("j")
        terminal.wait_for("2/82")

    def test_paste(self):
        """More than the terminal holds at a time, with characters of several bytes; with
        the marks of a terminal that brackets what it pastes."""
        terminal = self.pair().terminals[0]
        terminal.type("/\x1b[200~" + "z" * 40)
        for _ in range(8):
            terminal.type("é漢\x7f\x7f" * 500)
        terminal.type("\x1b[201~")
        self.assertIn("search: " + "z" * 40 + "\n", terminal.settle() + "\n")
        self.assertNotRegex(terminal.text(), "z{41}|é|漢")


if __name__ == "__main__":
    PROGRAM = tmux.program_tested(__doc__)
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit(__doc__)
    GENERATE = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The screen as a picture (the key S) and as a recording (--cast), of the real
program in a real terminal; the recording is played by asciinema itself.

    test_picture.py PKTLADDER [unittest's options]
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tmux  # noqa: E402  pylint: disable=wrong-import-position

PROGRAM = ""
HERE = os.path.dirname(os.path.abspath(__file__))
DEMO = os.path.join(HERE, "../../captures/tcp.pcapng")
LINES = re.compile("[─│├┤╌╍━┝┥┃╻╹╏═╞╡◄►]+")
SVG = "{http://www.w3.org/2000/svg}"
SGR = re.compile(r"\x1b\[[0-9;]*m")


def events(path):
    """The recording's header and events; each line must be whole."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert text.endswith("\n"), "the last line is not whole"
    header, *rest = [json.loads(line) for line in text.splitlines()]
    return header, rest


def plain(text):
    """Without what tmux leaves out, too: spaces at the ends of lines."""
    return "\n".join(map(str.rstrip, text.splitlines())).rstrip("\n")


def cells(text):
    """What is seen of a text with SGR sequences: a space's colour is not."""
    rows = []
    for line in text.splitlines():
        style, row = set(), []
        for sequence, character in re.findall(r"(?:\x1b\[([0-9;]*)m)|([^\x1b])", line):
            if character:
                row.append((character, frozenset(style & {7} if character == " " else style)))
                continue
            for code in map(int, sequence.split(";") if sequence else [0]):
                style = set() if code == 0 else style - set(range(30, 38)) if code == 39 else \
                    style | {code} if code != 49 else style
        while row and row[-1] == (" ", frozenset()):
            row.pop()
        rows.append(row)
    return rows


class Case(unittest.TestCase):
    """A terminal in a folder of its own with a replay in it."""

    def open(self, arguments="", columns=100, rows=30, env=None, limit=""):
        """Opens the terminal and waits for the whole ladder."""
        self.folder = tempfile.mkdtemp(prefix="pktladder-picture-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.terminal = tmux.Terminal(columns, rows)
        self.addCleanup(self.terminal.close)
        words = " ".join(f"{name}={shlex.quote(value)}" for name, value in (env or {}).items())
        self.terminal.start(f"cd {self.folder}; ({limit} exec env {words} {PROGRAM} replay {arguments} {DEMO}); "
                            "echo status=$?.")
        self.terminal.wait_for("END")
        self.terminal.keys("j", "j", "j", "j", "j", "j", "j", "j")
        self.assertIn("9/2", self.terminal.settle())
        return self.terminal

    def path(self, name):
        """In the test's folder."""
        return os.path.join(self.folder, name)

    def read(self, name):
        """A file that was written there."""
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def quit(self, status):
        """Ends the program, which has to end with this status."""
        self.terminal.keys("q")
        self.terminal.wait_for(f"status={status}.")


class Pictures(Case):
    """S."""

    def take(self, name):
        """A picture of what is on the screen, which is returned as text."""
        shown = self.terminal.settle()
        self.terminal.keys("S")
        self.terminal.wait_for("picture as:")
        self.terminal.type(name)
        self.terminal.keys("Enter")
        self.terminal.wait_for(f"The screen was written into {name}.")
        self.terminal.keys("C-l")  # the line is gone with the next key
        self.terminal.wait_gone("was written")
        return shown

    def test_text(self):
        self.open()
        shown = self.take("a.txt")
        self.assertEqual(self.read("a.txt").rstrip("\n"), shown)

    def test_ansi(self):
        terminal = self.open()
        shown = self.take("a.ansi")
        self.assertEqual(plain(SGR.sub("", self.read("a.ansi"))), shown)
        terminal.rest()
        look = terminal.ansi()
        self.quit(0)
        terminal.resize(100, 40)
        terminal.start(f"clear; cat {self.path('a.ansi')}; read wait")
        terminal.wait_for("SYN seq=0")
        self.assertIn("9/2", terminal.settle())
        self.assertEqual(cells(terminal.ansi())[:30], cells(look))

    def test_svg(self):
        self.open()
        shown = self.take("a.svg")
        root = xml.etree.ElementTree.fromstring(self.read("a.svg"))
        words = " ".join(" ".join(text.itertext()) for text in root.iter(SVG + "text")).split()
        self.assertEqual(words, LINES.sub(" ", shown).split())
        self.assertEqual(root.get("width"), str(100 * 8 + 20))
        self.assertIn("prefers-color-scheme: dark", self.read("a.svg"))

    def test_png(self):
        if not shutil.which("rsvg-convert"):
            self.skipTest("LOUDLY: there is no rsvg-convert; the README's test command installs it")
        self.open()
        self.take("a.png")
        with open(self.path("a.png"), "rb") as file:
            head = file.read(24)
        self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(int.from_bytes(head[16:20], "big"), 2 * (100 * 8 + 20))
        self.assertEqual(int.from_bytes(head[20:24], "big"), 2 * (30 * 18 + 20))

    def test_pages(self):
        """The help page and the list are screens, too."""
        terminal = self.open()
        terminal.resize(100, 120)  # all of the page
        terminal.keys("?")
        terminal.wait_for("How to read the ladder")
        shown = self.take("help.txt")
        self.assertEqual(self.read("help.txt").rstrip("\n"), shown)
        self.assertIn("picture of the screen", " ".join(shown.split()))

    def test_exists(self):
        terminal = self.open()
        with open(self.path("a.svg"), "w", encoding="utf-8") as file:
            file.write("mine")
        terminal.keys("S")
        terminal.type("a.svg")
        terminal.keys("Enter")
        terminal.wait_for("a.svg exists: Enter replaces it")
        self.assertEqual(self.read("a.svg"), "mine")
        terminal.keys("Enter")
        terminal.wait_for("The screen was written into a.svg.")
        self.assertIn("<svg", self.read("a.svg"))

    def test_no_place(self):
        terminal = self.open()
        os.mkdir(self.path("folder.svg"))
        for name, why in (("nowhere/a.svg", "No such file"), ("folder.svg", "no ordinary file")):
            terminal.keys("S")
            terminal.type(name)
            terminal.keys("Enter")
            if name == "folder.svg":
                terminal.wait_for("exists")
                terminal.keys("Enter")
            terminal.wait_for(why)
            terminal.keys("Escape")
            terminal.wait_gone(why)
        self.quit(0)

    def test_program_missing(self):
        """One line says which package brings it; nothing is written."""
        terminal = self.open(env={"PATH": "/nowhere"})
        terminal.keys("S")
        terminal.type("a.png")
        terminal.keys("Enter")
        terminal.wait_for("apt-get install librsvg2-bin")
        self.assertEqual(os.listdir(self.folder), [])


class Converter(Case):
    """PDF and PNG are drawn by a program that runs beside the screen."""

    def converter(self, script):
        """A terminal where rsvg-convert is this."""
        folder = tempfile.mkdtemp(prefix="pktladder-converter-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o755)  # root's converter runs as nobody
        name = os.path.join(folder, "rsvg-convert")
        with open(name, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + script)
        os.chmod(name, 0o755)
        return self.open(env={"PATH": f"{folder}:{os.environ['PATH']}"})

    def draw(self, key, name):
        self.terminal.keys(key, "C-u")
        self.terminal.type(name)
        self.terminal.keys("Enter")
        self.terminal.wait_for(f"{name} is being drawn")

    def started(self):
        return [pid for pid in tmux.descendants(self.terminal.shell_pid) if "sleep" in tmux_command(pid)]

    def test_hangs(self):
        """Keys do what they do; Esc ends it, and so does the end of the program."""
        terminal = self.converter("sleep 600\n")
        for key, name in (("S", "a.png"), ("w", "b.pdf")):
            self.draw(key, name)
            terminal.wait(self.started, "the converter")
            before = re.search(r"\b(\d+)/\d+", terminal.settle()).group(1)
            terminal.keys("k")
            terminal.wait_for(f" {int(before) - 1}/")
            terminal.keys("S", "C-u")
            terminal.type("c.svg")
            terminal.keys("Enter")
            terminal.wait_for("is still being drawn")
            terminal.keys("Escape")
            terminal.wait_for("Drawing was stopped: no file was written.")
            terminal.wait(lambda: not self.started(), "the end of the converter")
            self.assertEqual(os.listdir(self.folder), [])
        # The next one was asked for before this one could be seen: it waits, and Esc ends that.
        terminal.type("S\x15a.png\rS\x15c.svg\r")
        terminal.wait_for("a.png is being drawn (Esc stops it)")
        self.assertIn("picture as: c.svg", terminal.settle())
        terminal.keys("Escape")
        terminal.wait_for("The screen was written into c.svg.")
        self.assertEqual(os.listdir(self.folder), ["c.svg"])
        os.remove(self.path("c.svg"))
        self.draw("S", "a.png")
        terminal.wait(self.started, "the converter")
        self.quit(0)
        self.assertIn("a.png was not written: it was still being drawn", " ".join(terminal.text().split()))
        terminal.wait(lambda: not self.started(), "the end of the converter")
        self.assertEqual(os.listdir(self.folder), [])

    def test_takes_its_time(self):
        if not shutil.which("rsvg-convert"):
            self.skipTest("LOUDLY: there is no rsvg-convert (apt-get install librsvg2-bin)")
        terminal = self.converter(f"sleep 1\nexec {shutil.which('rsvg-convert')} \"$@\"\n")
        for keys, name, told in (("S", "a.png", "The screen was written into a.png."),
                                 ("w", "b.pdf", " rows were written into b.pdf."),
                                 ("vw", "c.png", "The plot was written into c.png.")):
            terminal.type(f"{keys}\x15{name}\r")
            terminal.wait_for(told)
        # one behind the other, and the program's end behind them
        terminal.type("vS\x15d.png\rw\x15e.pdf\rq")
        terminal.wait_for("status=0.")
        for name, begins in (("a.png", b"\x89PNG"), ("b.pdf", b"%PDF"), ("c.png", b"\x89PNG"),
                             ("d.png", b"\x89PNG"), ("e.pdf", b"%PDF")):
            with open(self.path(name), "rb") as file:
                self.assertTrue(file.read().startswith(begins), name)

    def test_fails(self):
        """What it says stays where it is said."""
        terminal = self.converter("printf '\\033[2JX\\n'; printf '\\033[2Jno room' >&2; exit 1\n")
        terminal.keys("S", "C-u")
        terminal.type("a.png")
        terminal.keys("Enter")
        terminal.wait_for(r"rsvg-convert failed: \x1b[2Jno room")
        self.assertIn("FIN-ACK", terminal.text())
        self.assertEqual(os.listdir(self.folder), [])

    def test_no_ordinary_file(self):
        """A pipe that nobody reads would hold the screen up."""
        terminal = self.open()
        os.mkfifo(self.path("a.svg"))
        for key in "w", "S":
            terminal.keys(key, "C-u")
            terminal.type("a.svg")
            terminal.keys("Enter")
            terminal.wait_for("exists")
            terminal.keys("Enter")
            terminal.wait_for("a.svg is no ordinary file: give another name")
            terminal.keys("Escape")
            terminal.wait_gone("no ordinary")
        self.quit(0)


class Recordings(Case):
    """--cast."""

    def play(self, name, columns, rows):
        """What asciinema shows at the end of it."""
        if not shutil.which("asciinema"):
            self.skipTest("LOUDLY: there is no asciinema; the README's test command installs it")
        with tmux.Terminal(columns, rows) as player:
            player.start(f"clear; asciinema play -s 1000 {self.path(name)}; read wait")
            player.wait_for("FIN-ACK")
            player.wait(lambda: "asciinema" not in " ".join(
                tmux_command(pid) for pid in tmux.descendants(player.shell_pid)), "the end")
            return player.settle(), player.ansi()

    def test_played(self):
        terminal = self.open("--cast a.cast")
        terminal.keys("?")
        terminal.wait_for("The keys, on a page.")
        terminal.keys("?", "Enter")
        terminal.wait_for("Detail")
        terminal.keys("Enter", "k")
        shown, look = terminal.settle(), terminal.ansi()
        self.assertNotIn("Detail", shown)
        self.assertIn("8/2", shown)
        self.quit(0)
        header, rest = events(self.path("a.cast"))
        self.assertEqual((header["version"], header["width"], header["height"]), (2, 100, 30))
        self.assertEqual(header["env"]["TERM"], "tmux-256color")
        self.assertIn("tcp.pcapng", header["title"])
        times = [time for time, *_ in rest]
        self.assertEqual(times, sorted(times))
        self.assertEqual({code for _, code, _ in rest}, {"o"})
        played = self.play("a.cast", 100, 30)
        self.assertEqual(played[0], shown)
        self.assertEqual(cells(played[1]), cells(look))

    def test_resized(self):
        terminal = self.open("--cast a.cast")
        terminal.resize(80, 24)
        shown = terminal.settle()
        self.assertIn("9/2", shown)
        self.quit(0)
        _, rest = events(self.path("a.cast"))
        self.assertEqual([data for _, code, data in rest if code == "r"], ["80x24"])
        self.assertEqual(self.play("a.cast", 80, 24)[0], shown)

    def test_killed(self):
        """What is there is whole, up to the last thing that was shown."""
        terminal = self.open("--cast a.cast")
        shown = terminal.settle()
        program = terminal.program()
        terminal.kill(program, signal.SIGKILL)
        terminal.wait(lambda: not tmux.running(program), "the end")
        events(self.path("a.cast"))
        self.assertEqual(self.play("a.cast", 100, 30)[0], shown)

    def test_disk_full(self):
        """It is told, on the screen and after it; the session goes on."""
        terminal = self.open("--cast /dev/full")
        terminal.wait_for("the recording of the screen ends here")
        terminal.keys("Escape")
        terminal.wait_gone("the recording of the screen")
        terminal.keys("k")
        terminal.wait_for("8/2")
        self.quit(1)
        terminal.wait_for("pktladder: the recording of the screen ends here: /dev/full cannot be "
                          "written: No space left")

    def test_file_limit(self):
        """`ulimit -f`: each way to write a file says so, and leaves none that is half."""
        self.open(limit="ulimit -f 1;", arguments="--cast a.cast")
        terminal = self.terminal
        terminal.wait_for("the recording of the screen ends here: a.cast cannot be written: File too large")
        with open(self.path("old"), "w", encoding="utf-8") as file:
            file.write("old")
        shutil.copy(self.path("old"), self.path("old.svg"))
        for key, name in (("s", "new.pcapng"), ("s", "old"), ("w", "new.svg"), ("w", "old.svg"), ("S", "new.txt"),
                          ("S", "old.svg")):
            terminal.keys(key)
            terminal.wait_for(" as:")
            terminal.type(name)
            terminal.keys("Enter")
            if name.startswith("old"):
                terminal.wait_for("Enter replaces it")
                terminal.keys("Enter")
            terminal.wait_gone(" as:")
            terminal.wait(lambda: re.search(rf"{name}\b.*: File too large", terminal.text()), f"why {name} is not there")
            terminal.keys("Escape")
            terminal.wait_gone("File too large")
        self.quit(1)
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.cast", "old", "old.svg"])
        self.assertEqual((self.read("old"), self.read("old.svg")), ("old", "old"))
        events(self.path("a.cast"))

    def test_demo(self):
        """A demo, paced: what happens has its time."""
        self.folder = tempfile.mkdtemp(prefix="pktladder-picture-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        with tmux.Terminal(100, 30) as terminal:
            terminal.start(f"cd {self.folder}; {PROGRAM} demo tcp --pace 50 --cast a.cast")
            terminal.wait_for("END")
            terminal.wait_for("CLOSED")
            terminal.keys("q")
            terminal.wait_gone("CLOSED")
        _, rest = events(self.path("a.cast"))
        self.assertGreater(len(rest), 10)
        self.assertGreater(rest[-1][0], 0.5)

    def test_refused(self):
        for words, status, why in (
                (["replay", "--cast", "x.cast", "--text", DEMO], 2, "leave out --text"),
                (["replay", "--cast", "x.cast", DEMO], 2, "must be a terminal"),
                (["list", "--cast", "x.cast", DEMO], 2, "list has none"),
                (["demo", "--cast", "x.cast", "-w", "x.cast"], 2, "name the same file")):
            done = subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, capture_output=True,
                                  encoding="utf-8", check=False)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertIn(why, done.stderr)
            self.assertFalse(os.path.exists("x.cast"))


def tmux_command(pid):
    """A process's command line."""
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


if __name__ == "__main__":
    if not tmux.available():
        print("SKIPPED, LOUDLY: there is no tmux; the README's test command installs it")
        sys.exit(77)
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)

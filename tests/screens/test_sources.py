#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What packets are read from, with the whole program: every kind of file, pipe
and terminal, and each that is none of them.

    test_sources.py PKTLADDER [unittest's options]
"""

import bz2
import gzip
import json
import lzma
import os
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import frames  # noqa: E402  pylint: disable=wrong-import-position
import test_input  # noqa: E402  pylint: disable=wrong-import-position
import tmux  # noqa: E402  pylint: disable=wrong-import-position

CAPTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../captures")

SECONDS = test_input.SECONDS
CONTROL = "evil\x1b]0;owned\x07\x9b2J\n\u202e.pcap"


class Case(test_input.Case):
    """With the program's name where it is asked for."""

    @property
    def program(self):
        return test_input.PROGRAM

    def ladder(self, name, content, *words):
        """The rows' times and labels."""
        self.path(name, content)
        output, error = self.text(name, "--text", *words, cwd=self.folder)
        self.assertEqual(error, "")
        return output

    def problem(self, name, content=None):
        """The one line that says why a file cannot be read."""
        if content is not None:
            self.path(name, content)
        output, error = self.text(name, "--text", cwd=self.folder, status=1)
        self.assertEqual(output, "")
        self.assertTrue(error.startswith("pktladder: "), error)
        return error.removeprefix("pktladder: ")


def block(kind, body, order="<"):
    """A pcapng block."""
    body += b"\0" * (-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def section(order="<"):
    return block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1), order)


def interface(link, resolution=None, order="<"):
    options = b""
    if resolution is not None:
        options = struct.pack(order + "HHB3xHH", 9, 1, resolution, 0, 0)
    return block(1, struct.pack(order + "HHI", link, 0, 262144) + options, order)


def packet(number, ticks, data, order="<"):
    return block(6, struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xffffffff, len(data),
                                len(data)) + data, order)


class Formats(Case):
    """What is read, and how what is not is called."""

    def plain(self, magic, order, unit):
        return frames.head(magic, order) + b"".join(
            frames.record(frames.START, n * unit, frames.segment(n), order) for n in range(20))

    def test_pcap(self):
        """Both byte orders, both resolutions: one ladder."""
        wanted = self.ladder("a.pcap", self.plain(0xa1b23c4d, "<", 5000000))
        self.assertEqual(wanted.count("data 5 B"), 20)
        self.assertIn("0.095000", wanted)
        for magic, order, unit in ((0xa1b23c4d, ">", 5000000), (0xa1b2c3d4, "<", 5000),
                                   (0xa1b2c3d4, ">", 5000)):
            self.assertEqual(self.ladder("b.pcap", self.plain(magic, order, unit)), wanted)

    def test_pcapng(self):
        """Interfaces with link types and resolutions of their own, in both byte orders."""
        ether = frames.segment
        for order in "<>":
            units = ((1, None, 10**6), (101, 9, 10**9), (1, 0x80 | 20, 1 << 20), (113, 3, 1000))
            heads = {1: b"", 101: None, 113: b"\0\0\0\1\0\6\0\0\0\0\0\0\0\0\x08\0"}
            content = section(order) + b"".join(
                interface(link, resolution, order) for link, resolution, _ in units)
            for n in range(12):
                link, _, unit = units[n % 4]
                data = ether(n)[14:] if link != 1 else ether(n)
                data = (heads[link] or b"") + data
                content += packet(n % 4, frames.START * unit + n * unit // 4, data, order)
            output = self.ladder("a.pcapng", content)
            self.assertEqual(output.count("data 5 B"), 12)
            self.assertNotIn("retransmission", output)
            for n in range(12):
                self.assertIn(f"{n / 4:.6f}", output)

    def test_resolution_too_fine(self):
        """What cannot be read is told in a line."""
        error = self.problem("a.pcapng", section() + interface(1, 0x80 | 100) +
                             packet(0, 1, frames.segment()))
        self.assertIn("a.pcapng cannot be read as a capture", error)
        self.assertIn("resolution", error)

    def compressed(self, raw):
        yield "a.gz", gzip.compress(raw)
        yield "a.xz", lzma.compress(raw)
        yield "a.bz2", bz2.compress(raw)
        for tool in ("zstd", "lz4"):
            if shutil.which(tool):
                yield "a." + tool, subprocess.run([tool, "-c"], input=raw, capture_output=True,
                                                  check=True).stdout
            else:
                print(f"SKIPPED: there is no {tool}", file=sys.stderr)

    def test_compressed(self):
        """As a file, as standard input, and through a pipe."""
        raw = frames.plain(500)
        wanted = self.ladder("plain", raw)
        for name, content in self.compressed(raw):
            self.assertEqual(self.ladder(name, content), wanted, name)
            with open(self.path(name), "rb") as file:
                self.assertEqual(self.text("-r", "-", "--text", stdin=file)[0], wanted, name)
            done = subprocess.run(["sh", "-c", f"cat {self.path(name)} | {self.program} -r - --text"],
                                  capture_output=True, check=True,
                                  env={**os.environ, **test_input.SHELL})
            self.assertEqual(done.stdout.decode(), wanted, name)

    def test_cut_short(self):
        """Within the last packet, wherever: all others are there, and the note."""
        raw = frames.plain(3)
        last = 24 + 2 * 75
        for size in (last + 1, last + 15, last + 16, last + 17, len(raw) - 1):
            self.path("cut.pcap", raw[:size])
            output, error = self.text("cut.pcap", "--text", cwd=self.folder)
            self.assertEqual(output.count("data 5 B"), 2)
            self.assertIn("cut.pcap ends in the middle of a packet: it was cut short. "
                          "Everything before is shown.", error)
        terminal = self.open("cut.pcap")
        self.see(terminal, "cut.pcap ends in the middle of a packet", "2 packets END")
        self.leave(terminal)

    def test_put_together(self):
        """Another capture behind the packets, of either form and byte order, and the words for it."""
        ng = section() + interface(1) + packet(0, 0, frames.segment())
        for first in frames.plain(3), ng * 3:
            for other in (frames.plain(2), frames.head(0xa1b2c3d4, ">"), ng):
                if first[:4] == other[:4] == ng[:4]:
                    continue  # sections of one file
                self.path("both.pcap", first + other)
                output, error = self.text("both.pcap", "--text", cwd=self.folder, status=3)
                self.assertEqual(output.count("data 5 B"), 3)
                self.assertIn("both.pcap cannot be read any further: another capture begins there. "
                              "Put them together with: mergecap", error)
        # a packet without bytes is none
        raw = frames.plain(2) + struct.pack("<IIII", 0xa1b2c3d4, 5, 0, 60) + frames.plain(1)[24:]
        self.path("empty.pcap", raw)
        output, error = self.text("empty.pcap", "--text", cwd=self.folder)
        self.assertEqual(output.count("data 5 B"), 3)
        self.assertNotIn("another capture", error)

    def test_transferred_as_text(self):
        """Each LF has got a CR: the lengths are wrong from there on."""
        raw = b"".join(frames.record(frames.START, n, frames.segment(n, payload=b"one\n"))
                       for n in range(9))
        self.path("text.pcap", (frames.head() + raw).replace(b"\n", b"\r\n"))
        _, error = self.text("text.pcap", "--text", cwd=self.folder, status=3)
        self.assertIn("text.pcap cannot be read any further: it seems to have been transferred as text", error)

    def test_foreign(self):
        """Each is called by its name, with the command that makes a capture of it."""
        convert = "Convert it first: editcap -F pcapng 'a.cap' OUT.pcapng"
        for content, *wanted in (
                (b"snoop\0\0\0\0\0\0\2\0\0\0\4" + bytes(64), "Solaris snoop", convert),
                (b"GMBU\0\2" + bytes(100), "Microsoft Network Monitor", convert),
                (b"RTSS\0\1" + bytes(100), "Microsoft Network Monitor", convert),
                (b"iptrace 1.0" + bytes(100), "AIX iptrace", convert),
                (b"btsnoop\0\0\0\0\1\0\0\3\xea" + bytes(64), "btsnoop", "holds no TCP or UDP"),
                # ERF has no mark of its own: a time, a type, lengths
                (struct.pack("<QBBHHH", frames.START << 32, 2, 4, 100, 0, 84) + bytes(84),
                 "is no capture", "editcap -F pcapng 'a.cap' OUT.pcapng"),
                (json.dumps({"log": {"version": "1.2", "entries": []}}).encode(),
                 "is text", "tcpdump -w FILE"),
                (b"12:00:00.000000 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [S]\n", "is text",
                 "tcpdump -w FILE"),
                (b"PK\3\4" + bytes(100), "ZIP archive", "unzip -p 'a.cap' | pktladder replay -"),
                (gzip.compress(b"snoop\0\0\0\0\0\0\2\0\0\0\4" + bytes(64)), "Solaris snoop",
                 "zcat 'a.cap' | editcap -F pcapng - OUT.pcapng"),
                (b"", "is empty"), (frames.head()[:23], "cut short within its header")):
            error = self.problem("a.cap", content)
            for words in wanted:
                self.assertIn(words, error)

    def test_no_file(self):
        """Folders, devices, pipes, a header and nothing more."""
        os.mkdir(self.path("folder"))
        self.assertIn("There is no capture (pcap or pcapng) in the folder", self.problem("folder"))
        for device, words in (("/dev/null", "is empty"), ("/dev/zero", "is no capture")):
            self.assertIn(words, self.problem(device))
        os.mkfifo(self.path("fifo"))
        writer = threading.Thread(target=lambda: self.path("fifo", frames.plain(7)))
        writer.start()
        output, _ = self.text("fifo", "--text", cwd=self.folder)
        writer.join()
        self.assertEqual(output.count("data 5 B"), 7)
        self.path("head.pcap", frames.head())
        output, error = self.text("head.pcap", "--text", cwd=self.folder)
        self.assertEqual(error, "pktladder: The capture holds no packets.")
        self.assertEqual(len(output.splitlines()), 3, output)  # the head, and the same as a note

    def test_growing_text(self):
        """What comes in parts has the text of the whole: the head waits for the names of its ends."""
        for name in "several.pcapng", "tcp.pcapng":
            with open(os.path.join(CAPTURES, name), "rb") as file:
                raw = file.read()
            words = [self.program, "replay", "-", "--text", "--width", "90"]
            whole = subprocess.run(words, input=raw, capture_output=True, check=True).stdout
            for size in 700, 3000:
                with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as grows:
                    for at in range(0, len(raw), size):
                        grows.stdin.write(raw[at:at + size])
                        grows.stdin.flush()
                        time.sleep(.02)
                    self.assertEqual(grows.communicate()[0], whole, (name, size))


class Terminals(Case):
    """On the screen."""

    def test_pipe(self):
        """Packets come from standard input, keys from the terminal."""
        self.path("it.pcap", frames.plain(50))
        terminal = self.terminal()
        terminal.start(f"cd {self.folder}; cat it.pcap | {self.program} -r -")
        self.see(terminal, "50 packets END")
        terminal.keys("End", "Enter")
        self.see(terminal, "50/50", "Frame 50: 59 B")
        terminal.keys("Escape")
        terminal.type("q")
        terminal.wait(lambda: "ready>" in terminal.text().splitlines()[-1] or
                      not terminal.program(), "the end", SECONDS)
        self.assertEqual(terminal.shell("echo $?")[0], 0)

    def test_growing_pipe(self):
        """What has come is shown before the rest is there."""
        terminal = self.terminal()
        raw = frames.plain(20)
        half = 24 + 10 * 75
        self.path("one", raw[:half + 7])
        self.path("two", raw[half + 7:])
        terminal.start(f"cd {self.folder}; (cat one; while ! test -e go; do sleep .1; done; cat two)"
                       f" | {self.program} -r -")
        self.see(terminal, " 10 packets")
        self.path("go", b"")
        self.see(terminal, "20 packets END")

    def test_follow(self):
        """Another program appends, a part of a packet at a time."""
        raw = frames.plain(300)
        path = self.path("it.pcap", raw[:24])
        terminal = self.open("it.pcap", "--follow", wanted="0 packets")
        with open(path, "ab", buffering=0) as file:
            for at in range(24, len(raw), 1000):
                file.write(raw[at:at + 1000])
                time.sleep(.01)
        self.see(terminal, "300 packets")
        terminal.keys("End")
        self.see(terminal, "300/300")
        self.leave(terminal)

    def test_rotated(self):
        """As logrotate does it: the old one is read to its end, and the note says why no more."""
        path = self.path("it.pcap", frames.plain(30))
        terminal = self.open("it.pcap", "--follow", wanted="30 packets")
        os.rename(path, path + ".1")
        self.path("it.pcap", frames.plain(5))
        with open(path + ".1", "ab") as file:
            file.write(frames.plain(10)[24:])
        self.see(terminal, "40 packets")
        self.leave(terminal)

    def test_killed(self):
        """The process that decompresses is killed, as where memory is short."""
        bomb = gzip.compress(frames.record(frames.START, 0, frames.segment()) * 200000, 1)
        with open(self.path("it.gz"), "wb") as file:
            file.write(gzip.compress(frames.head()))
            for _ in range(2000):
                file.write(bomb)
        terminal = self.open("it.gz", wanted="packets,")
        found = list(filter(expands, tmux.descendants(terminal.shell_pid)))
        self.assertEqual(len(found), 1)
        os.kill(found[0], signal.SIGKILL)
        self.see(terminal, "The process that decompresses it.gz was killed (Killed).",
                 "Everything before is shown.", " END")
        self.leave(terminal, "3")

    def test_resized(self):
        """A storm of sizes while a file is read."""
        raw = frames.plain(1000)
        with open(self.path("it.pcap"), "wb") as file:
            file.write(raw)
            for _ in range(500 if not test_input.sanitized() else 50):
                file.write(raw[24:])
        terminal = self.open("it.pcap", wanted="packets")
        for n in range(60):
            terminal.resize(20 + n * 37 % 180, 2 + n * 13 % 60)
        terminal.resize(100, 30)
        self.see(terminal, "000 packets END")
        # the last size may be painted after what was waited for
        terminal.wait(lambda: len(terminal.text().splitlines()) == 30, "30 rows")
        self.see(terminal, "000 packets END")
        self.leave(terminal)

    def check_terminal(self, words, wanted=" END"):
        self.path("it.pcap", frames.plain(30))
        terminal = self.terminal()
        terminal.start(f"cd {self.folder}; {words} {self.program} it.pcap")
        self.see(terminal, wanted)
        return terminal

    def test_settings(self):
        """NO_COLOR, the C locale; terminals that can do nothing."""
        terminal = self.check_terminal("NO_COLOR=1")
        self.assertNotRegex(terminal.ansi(), r"\x1b\[[0-9;]*(3[0-7]|38|48)[;m]")
        self.leave(terminal)
        terminal = self.check_terminal("LC_ALL=C LANG=C")
        self.assertTrue(terminal.text().isascii())
        self.leave(terminal)
        for term in ("dumb", "no-such-terminal", ""):
            terminal = self.check_terminal(f"TERM={term}", "pktladder: ")
            terminal.wait(lambda t=terminal: not t.program(), "the end", SECONDS)
            self.assertRegex(terminal.text(), "TERM|terminal")

    def test_several(self):
        """The title names the set."""
        for name in ("a.pcap", "b.pcap", CONTROL):
            self.path(name, frames.plain(3))
        harmless = "\\x1b]0;owned\\x07"
        for files, wanted in ((["a.pcap", "b.pcap"], "a.pcap, b.pcap"), ([CONTROL, "b.pcap"], harmless),
                              (["a.pcap", "b.pcap", CONTROL], "a.pcap and 2 more")):
            terminal = self.terminal()
            self.path("start", f"exec {shlex.quote(self.program)} {shlex.join(files)}".encode())
            terminal.start(f"cd {self.folder}; sh start")
            self.see(terminal, f"{3 * len(files)} packets END", wanted)
            self.leave(terminal)

    def test_names(self):
        """No byte of a file's name acts: on the screen, in recordings and figures."""
        names = [CONTROL.encode(), b"inv\xff\xfe.pcap"]
        for name in names:
            with open(os.path.join(self.folder.encode(), name), "wb") as file:
                file.write(frames.plain(3))
            terminal = self.terminal()
            self.path("start", b"exec " + shlex.quote(self.program).encode() + b" '" + name +
                      b"' --cast it.cast")
            terminal.start(f"cd {self.folder}; sh start")
            self.see(terminal, "3 packets END", "\\x1b]0;owned\\x07" if name == names[0] else "\\xff\\xfe")
            self.assertNotIn("owned", terminal.tmux("display", "-p", "#{pane_title}").replace(
                "\\x1b]0;owned", ""))
            self.leave(terminal)
            with open(self.path("it.cast"), encoding="utf-8") as file:
                head = json.loads(file.readline())
            self.assertNotRegex(head.get("title", ""), "[\x00-\x1f\x7f-\x9f\u202e]")
            for form in ("svg", "html", "text", "ansi"):
                done = subprocess.run([self.program.encode(), b"figure", name, b"--format",
                                       form.encode()], capture_output=True, cwd=self.folder,
                                      stdin=subprocess.DEVNULL, check=True,
                                      env={**os.environ, **test_input.SHELL})
                self.assertNotRegex(done.stdout.decode(), "\x1b]|[\x07\x9b\u202e]")


def expands(pid):
    """Whether it is the process that decompresses, by the name that it gives itself."""
    with open(f"/proc/{pid}/comm", encoding="ascii") as file:
        return file.read() == "pktladder-unzip\n"


class Output(Case):
    """Nobody takes what is written."""

    def test_closed(self):
        self.path("it.pcap", frames.plain(3))
        for words in ("it.pcap --text", "list it.pcap", "--help", "figure it.pcap --format text",
                      "--version", "doctor", "figure --help", "run -h", "demo --list",
                      "figure --format help", "demo tcp --text -w new.pcapng"):
            for end in (">&-", ">/dev/full"):
                done = subprocess.run(["sh", "-c", f"{self.program} {words} {end}"],
                                      capture_output=True, check=False, cwd=self.folder,
                                      env={**os.environ, **test_input.SHELL})
                error = done.stderr.decode()
                with self.subTest(words=words, end=end, error=error):
                    self.assertEqual(done.returncode, 1)
                    self.assertRegex(error, r"^pktladder: .*(No space left|Bad file descriptor)")
                    self.assertEqual(error.count("\n"), 1)


if __name__ == "__main__":
    tested = tmux.program_tested(__doc__)
    test_input.PROGRAM = tested
    unittest.main(verbosity=2)

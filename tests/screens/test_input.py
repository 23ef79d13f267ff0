#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad input, met by the whole program in a real terminal and as text: each with
a clear note on the screen, nothing lost that was read, and no crash.

    test_input.py PKTLADDER [unittest's options]
"""

import gzip
import json
import lzma
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

PROGRAM = ""
PACKETS = 300
SECONDS = int(os.environ.get("TEST_SECONDS", "120"))  # nothing takes so long, but on a machine that does much else
SHELL = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def sanitized():
    with open(PROGRAM, "rb") as file:
        return b"__asan_init" in file.read()


def namespace():
    """The words that give a command mounts of its own; None where that may not be."""
    for words in (["unshare", "-m"], ["unshare", "-rm"]):
        if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            return words
    return None


def size_of(path):
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


class Case(unittest.TestCase):
    """Captures in a folder of their own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="pktladder-input-")
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content)
        return path

    def terminal(self, columns=120, rows=39):
        terminal = tmux.Terminal(columns, rows)
        self.addCleanup(terminal.close)
        return terminal

    def open(self, path, *words, wanted=" END", columns=120, rows=39):
        terminal = self.terminal(columns, rows)
        terminal.start(f"cd {self.folder}; " + shlex.join([PROGRAM, path, *words]))
        terminal.wait_for(wanted, SECONDS)
        return terminal

    def see(self, terminal, *texts):
        """Each on the screen, wherever its lines are broken."""
        def seen():
            flat = " ".join(terminal.text().split())
            return all(text in flat for text in texts)
        terminal.wait(seen, repr(texts), SECONDS)

    def leave(self, terminal, *statuses):
        """The program goes as it is told to, with such an exit status: 0 or 1."""
        terminal.keys("Escape", "Escape", "q")
        terminal.wait(lambda: not terminal.program(), "the end of the program", SECONDS)
        status, text = terminal.shell("echo $?")
        self.assertIn(text.strip(), statuses or ("0", "1"), terminal.text())
        self.assertEqual(status, 0)

    def save(self, terminal, path):
        terminal.type("s")
        terminal.keys("C-u")
        terminal.type(path)
        terminal.keys("Enter")

    def text(self, *arguments, status=0, env=None, **more):
        done = subprocess.run([PROGRAM, *arguments], stdin=more.pop("stdin", subprocess.DEVNULL),
                              capture_output=True, env={**os.environ, **SHELL, **(env or {})},
                              timeout=300, check=False, **more)
        output, error = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, status, error)
        self.assertNotRegex(error, "CRITICAL|Sanitizer|runtime error")
        return output, " ".join(error.split())

    def packets(self, path):
        """How many are in it, by another program where there is one."""
        if not shutil.which("capinfos"):
            return None
        done = subprocess.run(["capinfos", "-Mc", path], capture_output=True, check=True)
        return int(re.search(rb"packets:\s*(\d+)", done.stdout).group(1))


class WhileOpen(Case):
    """A file that is not left alone."""

    def shown(self):
        path = self.path("it.pcap", frames.plain(PACKETS))
        terminal = self.open("it.pcap")
        terminal.keys("End")
        self.see(terminal, f"{PACKETS}/{PACKETS}")
        return path, terminal

    def check_lost(self, terminal, why):
        """All rows stay; what needs the bytes says why it has them not."""
        terminal.keys("Enter")
        self.see(terminal, f"Frame {PACKETS}: its bytes cannot be read again", why)
        terminal.keys("Escape")
        terminal.type("/")
        terminal.type("no such text")
        terminal.keys("Enter")
        self.see(terminal, "packets was not searched.", why)
        self.save(terminal, "out.pcapng")
        self.see(terminal, "out.pcapng was not written: the bytes of frame", why)
        self.assertFalse(os.path.exists(self.path("out.pcapng")))
        self.see(terminal, "data 5 B seq=1496", f"{PACKETS} packets")
        self.leave(terminal)

    def test_shrinks(self):
        path, terminal = self.shown()
        os.truncate(path, 24 + 16)
        self.check_lost(terminal, "it.pcap shrank while it was open.")

    def test_overwritten(self):
        path, terminal = self.shown()
        with open(path, "r+b") as file:
            file.write(frames.capture([(5, 5)] * PACKETS))
        self.check_lost(terminal, "it.pcap was overwritten while it was open.")

    def check_kept(self, terminal):
        """The file is still there for who has it open."""
        terminal.keys("Enter")
        self.see(terminal, f"Frame {PACKETS}: 59 B")
        self.save(terminal, "out.pcapng")
        self.see(terminal, f"{PACKETS} packets and 0 calls were written into out.pcapng")
        self.assertIn(self.packets(self.path("out.pcapng")), (None, PACKETS))
        self.leave(terminal)

    def test_vanishes(self):
        path, terminal = self.shown()
        os.remove(path)
        self.check_kept(terminal)

    def test_replaced(self):
        path, terminal = self.shown()
        os.rename(self.path("other", frames.capture([(5, 5)])), path)
        self.check_kept(terminal)

    def check_follow(self, change, why, status="3"):
        path = self.path("it.pcap", frames.plain(PACKETS))
        terminal = self.open("it.pcap", "--follow", wanted=f"{PACKETS} packets")
        change(path)
        self.see(terminal, why, "Everything before is shown.", f"{PACKETS} packets END")
        self.leave(terminal, status)

    def test_followed(self):
        self.check_follow(os.remove, "it.pcap was removed or replaced while it was open.", "0")
        self.check_follow(lambda path: os.truncate(path, 1000),
                          "it.pcap shrank while it was open.")
        self.check_follow(lambda path: self.path("it.pcap", frames.capture([(5, 5)])),
                          "it.pcap shrank while it was open.")

    def test_while_loading(self):
        """It shrinks while it is read: what was read stays, and the end says why."""
        path = self.path("it.pcap", frames.plain(1000) + b"")
        with open(path, "ab") as file:
            for _ in range(2000):
                file.write(frames.plain(1000)[24:])
        terminal = self.open("it.pcap", wanted="packets,")
        os.truncate(path, 40 * 1000 * 1000)
        self.see(terminal, "it.pcap shrank while it was open.", "Everything before is shown.",
                 " END")
        self.leave(terminal, "3")


class Compressed(Case):
    """One that ends early, and one that never ends."""

    def check_early(self, name, content):
        self.path(name, content[:len(content) * 2 // 3])
        note = f"The compressed data of {name} ends early: the file was cut short."
        terminal = self.open(name)
        self.see(terminal, note, "Everything before is shown.")
        count = int(re.search(r"(\d+) packets", terminal.text()).group(1))
        self.leave(terminal, "3")
        output, error = self.text(name, "--text", cwd=self.folder, status=3)
        self.assertIn(note, error)
        self.assertEqual(output.count("data 5 B"), count)
        return count

    def test_ends_early(self):
        # what does not repeat, so that two thirds of the file are about two thirds of it
        packets = 6000
        raw = frames.head() + b"".join(
            frames.record(frames.START, n, frames.segment(n, b"hello") + os.urandom(400))
            for n in range(packets))
        self.assertGreater(self.check_early("a.gz", gzip.compress(raw)), packets // 2)
        self.assertGreater(self.check_early("a.xz", lzma.compress(raw)), packets // 3)
        for name, tool in (("a.zst", ["zstd"]), ("a.lz4", ["lz4", "-B4"]), ("b.lz4", ["lz4"])):
            # by itself lz4 makes blocks of 4 MiB, and none that is open can be expanded
            times = 4 if name == "b.lz4" else 1
            if not shutil.which(tool[0]):
                print(f"SKIPPED: there is no {tool[0]}", file=sys.stderr)
                continue
            done = subprocess.run([*tool, "-c"], input=raw + raw[24:] * (times - 1),
                                  capture_output=True, check=True)
            self.assertGreater(self.check_early(name, done.stdout), packets // 3)
            if times > 1:
                self.path(name, done.stdout[:1 << 20])
                self.assertIn("b.lz4 ends early: the file was cut short. No packet can be read from "
                              "what is left.", self.text(name, "--text", cwd=self.folder, status=1)[1])

    def bomb(self, name, size, body):
        """A gzip file that expands to `size` bytes of `body` over and over: a member as often."""
        member = gzip.compress(body * ((1 << 24) // len(body)), 9)
        with open(self.path(name), "wb") as file:
            file.write(gzip.compress(frames.head()))
            for _ in range(size >> 24):
                file.write(member)

    def test_memory(self):
        """Half a billion empty packets against a third of a gigabyte of memory, less than such a file is worth."""
        if sanitized():
            self.skipTest("a sanitizer's own memory has no limit")
        self.bomb("bomb.gz", 1 << 32, frames.record(frames.START, 0, b""))
        note = "memory is nearly used up. What was read is kept"
        terminal = self.terminal()
        terminal.start(f"cd {self.folder}; ulimit -v 350000; {PROGRAM} bomb.gz")
        self.see(terminal, "Reading stopped after", note, " END")
        count = int(re.search(r"(\d+) packets +END", terminal.text()).group(1))
        self.assertGreater(count, 1000000)
        terminal.keys("End")
        self.see(terminal, f"{count + 1}/{count + 1}")
        terminal.type("l")
        self.see(terminal, "conversation")
        self.leave(terminal, "3")
        _, error = self.text("replay", "bomb.gz", "--text", "--show", "syn", cwd=self.folder,
                             preexec_fn=limit_memory, status=3)
        self.assertIn(note, error)

    def test_worth(self):
        """Packets of no bytes in a small file are read up to what it is worth. A file that shrank
        as much, of five million equal segments, is read whole."""
        if sanitized():
            self.skipTest("a sanitizer takes minutes for that")
        self.bomb("bomb.gz", 1 << 29, frames.record(frames.START, 0, b""))
        _, error = self.text("replay", "bomb.gz", "--text", "--show", "syn", cwd=self.folder, status=3)
        self.assertIn("a file that holds so many in so few bytes may be made to fill memory", error)
        output, _ = self.text("list", "bomb.gz", "--format", "json", cwd=self.folder)
        self.assertEqual(json.loads(output), [], "the list keeps no packets, and reads all of them")
        record = frames.record(frames.START, 0, frames.segment(0))
        n = 5000000 * len(record) // (1 << 24) + 1
        self.bomb("equal.gz", n << 24, record)
        output, error = self.text("list", "equal.gz", "--format", "json", cwd=self.folder)
        self.assertEqual(error, "")
        self.assertEqual(json.loads(output)[0]["packets"], n * ((1 << 24) // len(record)))

    def test_stop(self):
        """It says what it may be, and Esc stops it; meanwhile the screen is usable."""
        # more than anything here reads while somebody presses a key
        self.bomb("bomb.gz", 1 << 37, frames.record(frames.START, 0, frames.segment(0, b"x" * 4000)))
        terminal = self.open("bomb.gz", wanted="packets,")
        terminal.keys("Down", "Down")
        self.see(terminal, "3/")
        self.see(terminal, "bomb.gz expands to more than 200 times its size", "Stop reading")
        terminal.keys("Escape")
        self.see(terminal, "reading was stopped here", " END")
        terminal.keys("Escape")
        terminal.wait_gone("expands to more than", SECONDS)
        self.see(terminal, " END", "3/")
        # What was read is a part, and replaces nothing.
        self.path("kept.pcapng", b"old")
        terminal.type("f")
        terminal.type("frame=1-3")
        terminal.keys("Enter")
        self.see(terminal, "left out")
        self.save(terminal, "kept.pcapng")
        self.see(terminal, "3 packets and 0 calls were written into kept.pcapng.partial. Reading was stopped: "
                           "no file was replaced.")
        with open(self.path("kept.pcapng"), "rb") as file:
            self.assertEqual(file.read(), b"old")
        self.assertIn(self.packets(self.path("kept.pcapng.partial")), (None, 3))
        self.leave(terminal)


def limit_memory():
    import resource  # pylint: disable=import-outside-toplevel
    resource.setrlimit(resource.RLIMIT_AS, (350000 * 1024, 350000 * 1024))


class Empty(Case):
    """Nothing to see, which is said."""

    def check(self, note, *words):
        terminal = self.open("it.pcap", *words)
        self.see(terminal, note)
        self.leave(terminal)
        for more in (["--text"], ["-w", "new.pcapng"]):
            self.assertIn(note, self.text("it.pcap", *words, *more, cwd=self.folder)[1])
        self.assertIn(note, self.text("list", "it.pcap", *words, cwd=self.folder)[1])

    def test_empty(self):
        self.path("it.pcap", frames.head())
        self.check("The capture holds no packets.")
        self.path("it.pcap", frames.plain(3))
        self.check("The capture holds 3 packets, none of which passes the filter.", "udp")
        self.assertEqual(self.text("it.pcap", "tcp", "--text", cwd=self.folder)[1], "")


class Times(Case):
    """Clocks that nobody has."""

    BACK = [(frames.START - n, 0) for n in range(20)]
    FUTURE = [(0xffffffff, n * 1000) for n in range(20)]
    ABSURD = [(0, 5), (0xffffffff, 999999999), (frames.START, 0), (0, 0), (0x80000000, 0),
              (0x7fffffff, 1), (5, 0xffffffff)]

    def test_backwards(self):
        self.path("back.pcap", frames.capture(self.BACK))
        note = "The time stamps go backwards at 19 packets, first at frame 2, by up to 1.000000 s."
        terminal = self.open("back.pcap")
        self.see(terminal, note, "Rows keep the order of the capture.", "-1.000000 -1.000000")
        terminal.type(":")
        terminal.type("20")
        terminal.keys("Enter")
        terminal.keys("Enter")
        self.see(terminal, "20/21", "2023-11-14 22:13:01.000000000 UTC")
        terminal.type("l")
        self.see(terminal, "1/1", "10.0.0.1:40000")
        self.leave(terminal)
        output, error = self.text("back.pcap", "--text", cwd=self.folder)
        self.assertIn(note, error)
        self.assertEqual(output.count("data 5 B"), 20)
        output, error = self.text("list", "back.pcap", "--format", "json", cwd=self.folder)
        self.assertIn(note, error)
        row = json.loads(output)[0]
        self.assertEqual((row["duration"], row["start"], row["start_epoch"]),
                         (19, -19, "1699999981.000000000"))

    def test_2106(self):
        self.path("future.pcap", frames.capture(self.FUTURE))
        note = "The time stamps of 20 packets, first of frame 1, lie in the future (2106-02-07)"
        terminal = self.open("future.pcap", "--time", "utc")
        self.see(terminal, note, "06:28:15.000000")
        terminal.keys("Down")
        terminal.keys("Enter")
        self.see(terminal, "2106-02-07 06:28:15.000001000 UTC")
        self.save(terminal, "out.pcapng")
        self.see(terminal, "20 packets and 0 calls were written")
        self.leave(terminal)
        output, error = self.text("future.pcap", "--text", cwd=self.folder)
        self.assertIn(note, error)
        again, error = self.text("out.pcapng", "--text", cwd=self.folder)
        self.assertEqual(again, output)
        self.assertIn(note, error)

    def test_absurd(self):
        """Zero, the last second of 32 bits, a billion nanoseconds too many: all rows, and saved."""
        self.path("absurd.pcap", frames.capture(self.ABSURD))
        terminal = self.open("absurd.pcap")
        self.see(terminal, "The time stamps go backwards at 3 packets", "lie in the future")
        for _ in range(6):
            terminal.keys("Down")
        terminal.type("t")
        terminal.keys("Enter")
        self.see(terminal, "7/8")
        self.save(terminal, "out.pcapng")
        self.see(terminal, "7 packets and 0 calls were written")
        self.leave(terminal)
        output, _ = self.text("absurd.pcap", "--text", cwd=self.folder)
        self.assertEqual(self.text("out.pcapng", "--text", cwd=self.folder)[0], output)
        shown, _ = self.text("absurd.pcap", "--text", "--show", "time > 1000", cwd=self.folder)
        self.assertEqual(shown.count("data 5 B"), 4)


class Many(Case):
    """A million conversations."""

    def test_million(self):
        number = 50000 if sanitized() else 1000000
        frames.write_conversations(self.path("many.pcap"), number)
        terminal = self.open("many.pcap")
        self.see(terminal, f"all {number} conversations", f"{2 * number} packets")
        terminal.type("l")
        self.see(terminal, f"{number} conversations", f"1/{number}")
        terminal.keys("End")
        self.see(terminal, f"{number}/{number}")
        terminal.type("R")
        self.see(terminal, "#▼", f" 1/{number}")  # the first one of whichever order
        terminal.keys("Home")
        self.see(terminal, f"10.0.0.{(number - 1) // 50000}:{1024 + (number - 1) % 50000}")
        terminal.type("/")
        terminal.type("10.0.0.0:51023")
        self.see(terminal, f"1 of {number} conversations")
        terminal.keys("Enter", "Enter")
        self.see(terminal, "TCP #49999", "SYN seq=0", "1/2")
        self.leave(terminal)
        output, error = self.text("list", "many.pcap", "--format", "tsv", "--sort", "-client",
                                  cwd=self.folder)
        self.assertEqual(output.count("\n"), number + 1)
        self.assertEqual(error, "")


class Large(Case):
    """Packets of 256 KiB, and of more."""

    def test_large(self):
        # 262144 are as much as is given of one
        whole = frames.segment(0, b"x" * 261000 + b"needle" + b"y" * (262144 - 261006 - 54))
        cut = frames.segment(1, b"z" * 262090)
        self.assertEqual((len(whole), len(cut)), (262144, 262144))
        self.path("large.pcap", frames.head() + frames.record(frames.START, 0, whole) +
                  frames.record(frames.START, 1, cut, length=300000) +
                  frames.record(frames.START, 3, frames.segment(3, b"after")))
        terminal = self.open("large.pcap")
        self.see(terminal, "3 packets")
        terminal.keys("Enter")
        self.see(terminal, "Frame 1: 262144 B")
        terminal.keys("Enter")
        terminal.keys("Down", "Enter")
        self.see(terminal, "Frame 2: 300000 B, the first 262144 of them captured")
        terminal.keys("Down")
        self.see(terminal, "Frame 3: 59 B")
        self.save(terminal, "out.pcapng")
        self.see(terminal, "3 packets and 0 calls were written")
        self.leave(terminal)
        self.assertIn(self.packets(self.path("out.pcapng")), (None, 3))
        self.assertGreater(size_of(self.path("out.pcapng")), 2 * 262144)
        for name in ("large.pcap", "out.pcapng"):
            output, _ = self.text(name, "--text", cwd=self.folder)
            self.assertEqual(len(output.splitlines()), 2 + 3)
        with open(self.path("large.pcap"), "rb") as pipe:
            again, _ = self.text("-r", "-", "--text", cwd=self.folder, stdin=pipe)
        self.assertEqual(again, output)

    def test_too_large(self):
        """What is larger than any packet can be."""
        self.path("large.pcap", frames.plain(5) +
                  frames.record(frames.START, 2, frames.segment(2, b"w" * 280000)))
        note = "longer than any can be. Everything before is shown."
        terminal = self.open("large.pcap")
        self.see(terminal, note, "5 packets")
        self.leave(terminal, "3")
        output, error = self.text("large.pcap", "--text", cwd=self.folder, status=3)
        self.assertIn(note, error)
        self.assertEqual(output.count("data 5 B"), 5)


class FullDisk(Case):
    """Small disks, in a mount namespace of their own."""

    def setUp(self):
        super().setUp()
        self.namespace = namespace()
        if not self.namespace:
            self.skipTest("no mounts of one's own may be made here")
        os.mkdir(self.path("disk"))

    def start(self, command, size, words=()):
        """A shell command on a terminal, with a disk of `size`."""
        script = f"mount -t tmpfs -o size={size} tmpfs disk && {{ {command}; }}"
        terminal = self.terminal()
        terminal.start(f"cd {self.folder}; " +
                       shlex.join([*self.namespace, *words, "sh", "-c", script]))
        return terminal

    def test_spooling(self):
        """Of a pipe: all rows are there, with bytes as far as there was room."""
        packets = 20000
        self.path("it.pcap", frames.head() + b"".join(
            frames.record(frames.START, n, frames.segment(n, b"hello" + b"." * 395))
            for n in range(packets)))
        terminal = self.start(f"cat it.pcap | TMPDIR=disk {PROGRAM} -r - --text >text 2>error",
                              "4m")
        terminal.wait(lambda: "packets" in self.read("error") or "grow" in self.read("error"),
                      "an error", SECONDS)
        terminal.wait(lambda: not terminal.program(), "the end", SECONDS)
        self.assertIn("The temporary file for the bytes of packets cannot grow "
                      "(No space left on device). Free some space, or name a folder that has more: "
                      "TMPDIR=FOLDER pktladder …", " ".join(self.read("error").split()))
        self.assertEqual(self.read("text").count("data 400 B"), packets)

    def test_spooling_screen(self):
        """The same on the screen, from a compressed file; the first packets stay whole."""
        packets = 20000
        self.path("it.pcap.gz", gzip.compress(frames.head() + b"".join(
            frames.record(frames.START, n, frames.segment(n, b"hello" + b"." * 395))
            for n in range(packets)), 1))
        terminal = self.start(f"TMPDIR=disk {PROGRAM} it.pcap.gz", "4m")
        self.see(terminal, f"{packets} packets END",
                 "The temporary file for the bytes of packets cannot grow")
        terminal.keys("Enter")
        self.see(terminal, "Frame 1: 454 B")
        terminal.keys("End")
        self.see(terminal, f"Frame {packets}: its bytes cannot be read again", "they were not kept")
        self.leave(terminal)

    def read(self, name):
        try:
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def test_saving_as_text(self):
        """No room for the least: what was there stays, and the line names it."""
        self.path("it.pcap", frames.plain(3))
        terminal = self.start(f"echo old >disk/out.pcapng; cat /dev/zero >disk/fill 2>/dev/null; "
                              f"{PROGRAM} it.pcap -w disk/out.pcapng; cat disk/out.pcapng; ls -A disk", "64k")
        self.see(terminal, "pktladder: The recording cannot be written to disk/out.pcapng: No space "
                 "left on device. Free some space, or name another disk: no file was written. "
                 "old fill out.pcapng")

    def test_saving(self):
        self.path("it.pcap", frames.plain(20000))
        terminal = self.start(f"{PROGRAM} it.pcap; ls -A disk >left", "400k")
        terminal.wait_for(" END", SECONDS)
        self.save(terminal, "disk/out.pcapng")
        self.see(terminal, "cannot be written to disk/out.pcapng: No space left on device. Free some "
                 "space, or name another disk: no file was written.", "20000 packets")
        self.leave(terminal)
        self.assertEqual(self.read("left"), "")

    def test_recording(self):
        """Live: the view goes on, and what was recorded before is whole."""
        if os.geteuid() != 0:
            self.skipTest("only root may capture")
        self.path("send.py", b"import socket, time\n"
                  b"s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                  b"while True:\n    s.sendto(b'.' * 1000, ('127.0.0.1', 9))\n    time.sleep(.001)\n")
        terminal = self.start("ip link set lo up; python3 send.py & "
                              f"{PROGRAM} live -i lo -w disk/out.pcapng udp 2>error; "
                              "kill $!; cp disk/out.pcapng .", "400k", ["-n"])
        self.see(terminal, "cannot be written to disk/out.pcapng: No space left on device",
                 "What was written before is kept.")
        before = int(re.search(r"(\d+) packets", terminal.text()).group(1))
        terminal.wait(lambda: int(re.search(r"(\d+) packets", terminal.text()).group(1)) > before,
                      "more packets", SECONDS)
        terminal.type("q")
        terminal.wait(lambda: not terminal.program(), "the end of the program", SECONDS)
        self.assertIn("cannot be written to disk/out.pcapng", self.read("error"))
        self.assertGreater(size_of(self.path("out.pcapng")), 200 * 1024)
        output, _ = self.text("out.pcapng", "--text", cwd=self.folder)
        self.assertGreater(output.count("1000 B"), 200)


if __name__ == "__main__":
    tested = tmux.program_tested(__doc__)
    PROGRAM = tested
    unittest.main(verbosity=2)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where figures go: pages, sizes, files that are replaced as a whole; and what is said
where something is wrong.

usage: test_output.py PKTLADDER SOURCE"""
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

PKTLADDER, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
TCP = SOURCE / "captures/tcp.pcapng"
RSVG = shutil.which("rsvg-convert")
NEEDS_RSVG = "rsvg-convert is not installed (apt-get install librsvg2-bin)"


def running(pid):
    """Whether the process is there and not just waiting to be reaped."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def descendants(pid):
    """Its children, and theirs."""
    try:
        tasks = list(pathlib.Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return children + [one for child in children for one in descendants(child)]


def is_sleep(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "sleep"
    except OSError:
        return False


def pcapng(times, step=0):
    """Datagrams of different payloads at these times, ns since 1970: any that 64 bits hold; from
    10.0.0.1:9000 to 10.0.0.2:10000, and ports that are so much higher each time."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    file = bytearray(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
    file += block(1, struct.pack("<HHI", 101, 0, 0) + struct.pack("<HHB3xHH", 9, 1, 9, 0, 0))
    for n, time_ns in enumerate(times):
        size = 1 + n % 1000
        data = struct.pack(">BBHHHBBH4s4sHHHH", 0x45, 0, 28 + size, 0, 0x4000, 64, 17, 0, bytes([10, 0, 0, 1]),
                           bytes([10, 0, 0, 2]), 9000 + n * step, 10000 + n * step, 8 + size, 0) + bytes(size)
        file += block(6, struct.pack("<IIIII", 0, time_ns >> 32 & 0xffffffff, time_ns & 0xffffffff, len(data),
                                     len(data)) + data)
    return file


class Output(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="figures-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def figure(self, *arguments, **environment):
        run = subprocess.run([PKTLADDER, "figure", *map(str, arguments)], cwd=self.folder,
                             capture_output=True, timeout=300,
                             env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
        return run.returncode, run.stdout.decode(errors="replace"), run.stderr.decode()

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def fails(self, status, says, *arguments, **environment):
        before = {name: (self.folder / name).read_bytes() for name in self.names()}
        code, _, errors = self.figure(*arguments, **environment)
        self.assertEqual(code, status, errors)
        self.assertRegex(errors, says)
        self.assertEqual(errors.count("\n"), 1, errors)
        self.assertEqual({name: (self.folder / name).read_bytes() for name in self.names()}, before)

    def rows(self, form, out):
        lines = [json.loads(line) for line in out.splitlines()] if form == "jsonl" else [json.loads(out)]
        self.assertEqual((lines[0]["format"], lines[0]["version"]), ("pktladder ladder", 2))
        return lines[1:] if form == "jsonl" else lines[0]["rows"]

    def test_nothing_selected_is_an_empty_list(self):
        """As `list` has it: of programs a list of nothing is no error."""
        for form in "json", "jsonl":
            for words in [TCP, "--show", "port 1"], [TCP, "udp", "--no-calls"], [TCP, "--frames", "900-"]:
                status, out, errors = self.figure(*words, "--format", form)
                self.assertEqual((status, self.rows(form, out)), (0, []), errors)

    def test_rows_stream(self):
        """Line by line, what the document says, and as many rows as there are."""
        document, lines = (self.figure(TCP, "--format", form)[1] for form in ("json", "jsonl"))
        self.assertEqual(self.rows("json", document), self.rows("jsonl", lines))
        self.assertGreater(len(self.rows("jsonl", lines)), 10)
        (self.folder / "long.pcapng").write_bytes(pcapng([0] * 100_100))
        self.assertEqual(self.figure("long.pcapng", "-o", "long.jsonl")[0], 0)
        with open(self.folder / "long.jsonl", encoding="utf-8") as long:
            self.assertEqual([json.loads(line)["packet"]["frame"] for line in list(long)[1:]], list(range(1, 100_101)))
        with subprocess.Popen([PKTLADDER, "figure", self.folder / "long.pcapng", "--format", "jsonl"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
            run.stdout.readline()
            run.stdout.close()
            self.assertEqual((run.wait(30), run.stderr.read()), (0, b""))

    def test_each_endpoint_has_its_lane(self):
        """In JSON however many there are; elsewhere two lanes of more than 12, that do not name one pair alone."""
        (self.folder / "many.pcapng").write_bytes(pcapng(range(7), 1))
        _, out, errors = self.figure("many.pcapng", "--format", "json")
        document = json.loads(out)
        self.assertEqual(errors, "")
        self.assertEqual([(document["lanes"][row["from"]], document["lanes"][row["to"]]) for row in document["rows"]],
                         [(f"Client 10.0.0.1:{9000 + n}", f"Server 10.0.0.2:{10000 + n}") for n in range(7)])
        mermaid = self.figure("many.pcapng", "--format", "mermaid")[1]
        self.assertEqual(re.findall(r"participant L\d+ as (.*)", mermaid),
                         [f"{who} 10.0.0.{one}:{port + n}" for who, one, port in (("Client", 1, 9000), ("Server", 2, 10000))
                          for n in range(7)])
        for form in "text", "svg", "markdown":
            _, out, errors = self.figure("many.pcapng", "--format", form)
            self.assertIn("the figure is of 14 endpoints", errors)
            self.assertNotIn("10.0.0", out)

    # --- bad input

    def test_what_is_wrong_is_said(self):
        self.fails(2, 'no format "docx"; there are: svg, pdf', TCP, "--format", "docx")
        self.fails(2, "does not say which format", TCP, "-o", "out.doc")
        self.fails(2, "say which format", TCP)
        self.fails(2, "say which capture", "--format", "svg")
        self.fails(1, "nothing to draw", TCP, "-o", "out.svg", "--show", "port 1")
        self.fails(1, "nothing to draw", TCP, "-o", "out.svg", "--frames", "900-")
        self.fails(1, "no/such/out.svg cannot be written: No such file", TCP, "-o", "no/such/out.svg")
        self.fails(2, "--frames takes ranges", TCP, "-o", "out.svg", "--frames", "9-1")
        self.fails(2, "--from takes seconds", TCP, "-o", "out.svg", "--from", "noon")
        self.fails(2, "--from 2 is later than --to 1", TCP, "-o", "out.svg", "--from", "2", "--to", "1")
        self.fails(2, "--palette takes one of okabe-ito, bw", TCP, "-o", "out.svg", "--palette", "pink")
        self.fails(2, "needs a capture from each end", TCP, "-o", "out.svg", "--slant", "true")
        self.fails(2, "--time takes one of start, delta, utc, local, none, not \"noon\"", TCP, "-o", "out.svg", "--time", "noon")
        self.fails(2, "--labels takes one of plain, stevens", TCP, "-o", "out.svg", "--labels", "mine")
        self.fails(2, "--numbers takes one of relative, absolute", TCP, "-o", "out.svg", "--numbers", "roman")
        self.fails(2, "names no endpoint", TCP, "-o", "out.svg", "--name", "127.0.0.1:99999=x")
        self.fails(2, "--scale takes", TCP, "-o", "out.png", "--scale", "-1")
        self.fails(2, "exclude each other", TCP, "-o", "out.png", "--scale", "1", "--dpi", "96")

    def test_text_in_another_encoding(self):
        for option in "--title", "--name":
            self.fails(2, r'option "a=\\xe9" is not in the encoding of this locale \(UTF-8\)', TCP, "-o", "out.svg", option,
                       os.fsdecode(b"a=\xe9"))

    def test_a_private_figure_stays_private(self):
        out = self.folder / "out.svg"
        for mode in 0o600, 0o664:
            out.write_text("old")
            out.chmod(mode)
            self.assertEqual(self.figure(TCP, "-o", "out.svg")[0], 0)
            self.assertEqual(out.stat().st_mode & 0o777, mode)

    def test_an_empty_capture(self):
        """Cut in its first packet, or without one: there is nothing to draw, and nothing is written."""
        head = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
        for content in head, head + struct.pack("<IIII", 1, 1, 60, 60) + bytes(30):
            (self.folder / "empty.pcap").write_bytes(content)
            for name in "out.svg", "out.txt":
                self.fails(1, "there is nothing to draw: no packet was read", "empty.pcap", "-o", name)
            for form, n in ("json", 2), ("jsonl", 1):
                status, out, _ = self.figure("empty.pcap", "--format", form)
                self.assertEqual((status, out.count("\n"), self.rows(form, out)), (0, n, []))
        self.fails(1, "there is nothing to draw: no packet was read", TCP, "udp", "-o", "out.svg", "--no-calls")

    def test_a_figure_is_replaced_as_a_whole(self):
        out = self.folder / "out.svg"
        out.write_text("old")
        self.assertEqual(self.figure(TCP, "-o", "out.svg")[0], 0)
        self.assertIn("<svg", out.read_text())
        out.write_text("old")
        if os.geteuid() != 0:
            self.folder.chmod(0o555)
            self.fails(1, "out.svg cannot be written: Permission denied", TCP, "-o", "out.svg")
            self.folder.chmod(0o755)
        (self.folder / "folder.svg").mkdir()
        code, _, errors = self.figure(TCP, "-o", "folder.svg")
        self.assertEqual((code, "folder.svg cannot be written: Is a directory" in errors), (1, True), errors)
        # No room while it is written: what was there stays, and nothing else is left.
        run = subprocess.run(["bash", "-c", f"ulimit -f 1; exec {PKTLADDER} figure {TCP} -o out.svg"],
                             cwd=self.folder, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("out.svg cannot be written: File too large", run.stderr)
        self.assertEqual(out.read_text(), "old")
        self.assertEqual(self.names(), ["folder.svg", "out.svg"])

    def test_a_link_stays_a_link(self):
        (self.folder / "real.svg").write_text("old")
        (self.folder / "link.svg").symlink_to("real.svg")
        self.assertEqual(self.figure(TCP, "-o", "link.svg")[0], 0)
        self.assertTrue((self.folder / "link.svg").is_symlink())
        self.assertIn("<svg", (self.folder / "real.svg").read_text())

    def test_no_converter(self):
        self.fails(1, "need rsvg-convert, which is not installed: apt-get install librsvg2-bin",
                   TCP, "-o", "out.pdf", PATH="/nowhere")

    def converter(self, script):
        """A rsvg-convert of ours, and a folder for temporary files; the environment that has them."""
        fake, temporary = self.folder / "bin", self.folder / "tmp"
        self.folder.chmod(0o755)  # root's converter runs as nobody
        fake.mkdir(exist_ok=True)
        temporary.mkdir(exist_ok=True)
        (fake / "rsvg-convert").write_text("#!/bin/sh\n" + script)
        (fake / "rsvg-convert").chmod(0o755)
        return {"PATH": f"{fake}:/usr/bin:/bin", "TMPDIR": str(temporary)}

    def test_a_converter_that_fails(self):
        """Whatever it does: one harmless line, the old picture stays, nothing else is left."""
        for script, name, says in [
                ("echo no room >&2\nexit 1\n", "out.png", "rsvg-convert failed: no room$"),
                ("exit 1\n", "out.png", "rsvg-convert failed: it does not say why$"),
                ("kill -SEGV $$\n", "out.pdf", r"rsvg-convert failed: it was ended by signal 11 \(.*\)$"),
                ("exit 0\n", "out.png", "rsvg-convert failed: what it made is no PNG$"),
                ("echo '<svg/>'\n", "out.pdf", "what it made is no PDF$"),
                ("echo %PDF-1.7; exit 1\n", "out.pdf", "rsvg-convert failed"),
                ("printf '\\033]0;x\\007a\\n'; printf '\\033[2Jb\\377\\n\\n' >&2; exit 1\n", "out.png",
                 r"^pktladder: rsvg-convert failed: \\x1b\[2Jb\\xff$"),
                # It has its pages, and nothing else of ours.
                ("for f in /proc/$$/fd/*; do readlink $f; done | grep -v -e ^/memfd:pktladder -e rsvg-convert$ "
                 "-e ^/dev/null$ -e ^pipe: -e /fd$ >&2; exit 1\n", "out.png", "it does not say why$"),
                ("yes | head -c 2000000 >&2; exit 1\n", "out.png", "rsvg-convert failed: y.{,600}$")]:
            with self.subTest(script):
                (self.folder / name).write_text("old")
                code, out, errors = self.figure(TCP, "-o", name, **self.converter(script))
                self.assertEqual((code, out), (1, ""), errors)
                self.assertRegex(errors.removesuffix("\n"), says)
                self.assertEqual((errors.count("\n"), errors[:-1].isprintable()), (1, True), repr(errors))
                self.assertEqual((self.folder / name).read_text(), "old")
                (self.folder / name).unlink()
                self.assertEqual(self.names(), ["bin", "tmp"])
                self.assertEqual(list((self.folder / "tmp").iterdir()), [])

    def test_a_signal_while_it_is_converted(self):
        """It ends at once, what it started as well, and nothing is left behind."""
        environment = self.converter("sleep 600 &\nwait\n")
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL:
            (self.folder / "out.pdf").write_text("old")
            run = subprocess.Popen([PKTLADDER, "figure", TCP, "-o", "out.pdf"], cwd=self.folder,
                                   stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
            end = time.monotonic() + 60
            pids = []
            while not any(map(is_sleep, pids)) and time.monotonic() < end:
                time.sleep(.02)
                pids = descendants(run.pid)
            self.assertTrue(any(map(is_sleep, pids)), "the converter was not started")
            run.send_signal(number)
            status = -number if number == signal.SIGKILL else 128 + number
            self.assertEqual((run.communicate(timeout=30)[1], run.returncode), ("", status))
            while any(map(running, pids)):
                self.assertLess(time.monotonic(), end, "what it started goes on")
                time.sleep(.02)
            self.assertEqual((self.folder / "out.pdf").read_text(), "old")
            self.assertEqual(self.names(), ["bin", "out.pdf", "tmp"])
            self.assertEqual(list((self.folder / "tmp").iterdir()), [])

    def test_a_signal_while_a_pipe_has_no_reader(self):
        os.mkfifo(self.folder / "pipe")
        with subprocess.Popen([PKTLADDER, "figure", TCP, "-o", "pipe", "--format", "svg"], cwd=self.folder,
                              stderr=subprocess.PIPE, text=True) as run:
            time.sleep(.5)
            self.assertIsNone(run.poll())
            run.send_signal(signal.SIGTERM)
            self.assertEqual((run.communicate(timeout=30)[1], run.returncode), ("", 128 + signal.SIGTERM))

    def test_a_font_that_is_missing(self):
        if not shutil.which("fc-match"):
            self.skipTest("fc-match is not installed (apt-get install fontconfig)")
        says = 'the font "No Such Font" is not installed'
        self.fails(2, says, TCP, "-o", "out.pdf", "--font", "No Such Font")
        # Where no font is chosen, only that is said.
        code, _, errors = self.figure(TCP, "-o", "out.md", "--font", "No Such Font")
        self.assertEqual((code, errors.count("\n")), (0, 1), errors)
        self.assertIn("markdown has no use for --font", errors)
        # SVG may be for another machine: it is said, and done.
        code, _, errors = self.figure(TCP, "-o", "out.svg", "--font", "No Such Font")
        self.assertEqual(code, 0)
        self.assertIn(says, errors)
        self.assertIn('font-family:"No Such Font"', (self.folder / "out.svg").read_text())

    def test_a_font_cannot_leave_its_place(self):
        self.figure(TCP, "-o", "out.svg", "--font", 'x"}</style><script>alert(1)</script>')
        root = ElementTree.parse(self.folder / "out.svg").getroot()
        self.assertEqual([e.tag for e in root.iter() if "script" in e.tag], [])

    # --- pages and sizes

    def test_pages(self):
        self.assertEqual(self.figure(TCP, "-o", "out.svg", "--rows-per-page", "8")[0], 0)
        self.assertEqual(self.names(), ["out-1.svg", "out-2.svg", "out-3.svg"])
        whole = re.findall(r'data-row="(\d+)"', self.figure(TCP, "--format", "svg")[1])
        rows, widths = [], set()
        for name in self.names():
            root = ElementTree.parse(self.folder / name).getroot()
            rows += [g.get("data-row") for g in root.iter() if g.get("data-row")]
            widths.add(root.get("width"))
        self.assertEqual(rows, whole)
        self.assertEqual(rows, [str(n) for n in range(1, len(rows) + 1)])
        self.assertEqual(len(widths), 1)
        self.fails(1, "several pages are several files", TCP, "--format", "svg", "--rows-per-page", "8")

    def test_frames_and_times(self):
        def frames(*arguments):
            out = self.figure(TCP, "--format", "svg", *arguments)[1]
            return [int(n) for n in re.findall(r'data-frame="(\d+)"', out)]

        self.assertEqual(frames("--frames", "2-4,9-"), [2, 3, 4, 9, 10, 11])
        self.assertEqual(frames("--frames", "-2"), [1, 2])
        self.assertEqual(frames("--from", "0.6", "--to", "0.8"), [4, 5])
        self.assertEqual(frames("--from", "0.6", "--show", "fin"), [8, 10])

    def labels(self, *arguments):
        code, out, errors = self.figure(*arguments)
        self.assertEqual(code, 0, errors)
        return [int(n) for n in re.findall(r"datagram (\d+) B", out)]

    def test_times_before_the_first(self):
        """Nothing is left out that was not asked to be, whatever its time stamp says."""
        second = 1_000_000_000
        (self.folder / "other.pcapng").write_bytes(pcapng(t * second + 1000 for t in (100, 99, 101, 98)))
        (self.folder / "back.pcapng").write_bytes(pcapng(t * second for t in (100, 99, 101, 98)))
        for form in "text", "ansi", "svg", "html", "mermaid", "plantuml", "mscgen", "tikz", "latex", "markdown", "json":
            for options in [], ["--time", "start"], ["--spacing", "time"], ["--slant", "schematic"], \
                    ["--to", "1"], ["--from", "-2"], ["--from", "-2.0", "--to", "5"]:
                with self.subTest(form, options=options):
                    self.assertEqual(set(self.labels("back.pcapng", "--format", form, *options)), {1, 2, 3, 4})
        for options in [], ["--spacing", "even"]:
            out = self.figure("back.pcapng", "--format", "svg", "--other-end", "other.pcapng", *options)[1]
            self.assertEqual(re.findall(r'data-frame="(\d+)"', out), ["1", "2", "3", "4"])
        code, out, errors = self.figure("back.pcapng", "--format", "svg", "--plot", "throughput")
        self.assertEqual((code, ">-2.0 s<" in out and ">1.0 s<" in out), (0, True), errors)
        for options, wanted in [(["--from", "0"], [1, 3]), (["--to", "0"], [1, 2, 4]), (["--from", "-1"], [1, 2, 3]),
                                (["--from=-1.5", "--to=-.5"], [2])]:
            self.assertEqual(self.labels("back.pcapng", "--format", "text", *options), wanted)
        self.fails(2, "--from -1 is later than --to -2", "back.pcapng", "--format", "text", "--from", "-1", "--to", "-2")
        self.fails(2, '--from takes seconds since the start, such as 0.25, not "--1"', "back.pcapng", "--format", "text",
                   "--from=--1")

    def test_times_at_the_ends_of_all_times(self):
        for times in [(0, 2**63 - 1, 1, 2**63 - 2), (2**63 - 1, 0, 2**63 - 2, 1)]:
            (self.folder / "ends.pcapng").write_bytes(pcapng(times))
            for form in "text", "svg", "json", "mermaid":
                with self.subTest(times, form=form):
                    self.assertEqual(set(self.labels("ends.pcapng", "--format", form)), {1, 2, 3, 4})

    def test_pdf(self):
        if not RSVG:
            self.skipTest(NEEDS_RSVG)
        self.assertEqual(self.figure(TCP, "-o", "out.pdf", "--rows-per-page", "8")[0], 0)
        pdf = (self.folder / "out.pdf").read_bytes()
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertEqual(self.names(), ["out.pdf"])
        if not shutil.which("pdftotext"):
            self.skipTest("pdftotext is not installed: the pages' text was not read (apt-get install poppler-utils)")
        pages = subprocess.run(["pdftotext", "out.pdf", "-"], cwd=self.folder, capture_output=True,
                               text=True).stdout.split("\f")
        self.assertEqual(len([page for page in pages if page.strip()]), 3)
        for label in "SYN-ACK seq=0 ack=1", "data 12 B seq=1 ack=13", "bind(3, 127.0.0.1:5000) = 0", "TIME-WAIT":
            self.assertIn(label, " ".join(pages))

    def test_a_pdf_of_more_pages_than_files_may_be_open(self):
        """Each page is a descriptor: as many as the administrator allows, whatever the shell says."""
        if not RSVG:
            self.skipTest(NEEDS_RSVG)
        for hard, status in (4096, 0), (16, 1):
            run = subprocess.run([PKTLADDER, "figure", TCP, "-o", "out.pdf", "--rows-per-page", "1"], cwd=self.folder,
                                 capture_output=True, text=True, timeout=60, preexec_fn=lambda: resource.setrlimit(
                                     resource.RLIMIT_NOFILE, (16, hard)))
            self.assertEqual(run.returncode, status, run.stderr)
            self.assertEqual(self.names(), ["out.pdf"] if status == 0 else [])
            (self.folder / "out.pdf").unlink(missing_ok=True)
        self.assertRegex(run.stderr, "^pktladder: the pages for rsvg-convert cannot be kept in memory: Too many open files\n$")

    def test_a_page_that_is_too_wide(self):
        """PDF's pages end at 200 inches."""
        self.fails(1, "the page would be .* points wide, and 14400 are the limit", TCP, "-o", "out.pdf",
                   "--name", "127.0.0.1:5000=" + 3000 * "x")

    def test_png(self):
        if not RSVG:
            self.skipTest(NEEDS_RSVG)

        def size(*arguments):
            code, _, errors = self.figure(TCP, "-o", "out.png", *arguments)
            self.assertEqual(code, 0, errors)
            return struct.unpack(">II", (self.folder / "out.png").read_bytes()[16:24])

        one = size("--scale", "1")
        self.assertEqual(size("--dpi", "96"), one)
        self.assertEqual(size(), (2 * one[0], 2 * one[1]))
        self.assertEqual(size("--dpi", "288"), (3 * one[0], 3 * one[1]))
        self.assertEqual(size("--width", "500", "--scale", "1")[0], 500)
        self.fails(1, "and 32767 are the limit", TCP, "-o", "out.png", "--scale", "100")

    def test_five_thousand_rungs(self):
        capture = self.folder / "long.pcap"
        packet = bytes.fromhex("45000020000040004011" "0000" "7f000001" "7f000001" "9c401388000c0000" "61626364")
        with capture.open("wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
            for n in range(5000):
                file.write(struct.pack("<IIII", 1, n, len(packet), len(packet)) + packet)
        self.assertEqual(self.figure("long.pcap", "-o", "long.svg")[0], 0)
        source = (self.folder / "long.svg").read_text()
        self.assertEqual(source.count('class="label"'), 5000)
        self.assertLess(len(source), 2_500_000)
        if RSVG:  # longer than a PDF's page can be: pages of themselves
            code, _, errors = self.figure("long.pcap", "-o", "long.pdf")
            self.assertEqual(code, 0, errors)
            self.assertEqual(self.names(), ["long.pcap", "long.pdf", "long.svg"])
            self.fails(1, "are the limit", "long.pcap", "-o", "long.png")
        sys.path.insert(0, str(SOURCE / "tests/figures"))
        import drawing
        if not drawing.CHROMIUM:
            self.skipTest("Chromium is not installed: it did not open the 5,000 rows")
        result = drawing.measure([("long", source)])[0]
        self.assertEqual(result["found"], [])
        self.assertGreater(result["texts"], 10000)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Saving what is shown, on the command line and on the screen, read back by tshark and by
pktladder itself.

  test_save.py PKTLADDER BENCH-GENERATE FORBID
"""
import datetime
import json
import os
import pathlib
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import time

from common import SOURCE, need, ordinary_user, run, work_folder

sys.path.insert(0, str(SOURCE / "tests" / "screens"))
import frames as segments  # noqa: E402
import tmux  # noqa: E402

need("tshark", "tmux")
PROGRAM, GENERATE, FORBID = (os.path.abspath(word) for word in sys.argv[1:4])
TCP = SOURCE / "captures" / "tcp.pcapng"
SANITIZED = b"__asan_init" in pathlib.Path(PROGRAM).read_bytes()
SLOWER = 4 if SANITIZED else 1  # so many times: large captures have so many fewer packets
FOLDER = work_folder()
LARGE = []  # what large() found out
failures = []


def expect(condition, message):
    if not condition:
        print(f"FAILED: {message}")
        failures.append(message)


def frames(path, display="frame"):
    """(time, bytes on the wire) of the frames that pass, as tshark reads them."""
    done = subprocess.run(["tshark", "-n", "-r", str(path), "-Y", display, "-T", "fields", "-e",
                           "frame.time_epoch", "-e", "frame.len", "-e", "ip.src", "-e", "tcp.flags"],
                          check=True, capture_output=True)
    return done.stdout.decode().splitlines()


def comments(path):
    """Those on frames. A live recording has others on statistics blocks: it cannot wait for
    the next packet, as saving does."""
    done = subprocess.run(["tshark", "-n", "-r", str(path), "-T", "json", "-e", "frame.comment"],
                          check=True, capture_output=True)
    found = [frame["_source"]["layers"].get("frame.comment", []) for frame in json.loads(done.stdout)]
    return [line for comment in sum(found, []) for line in comment.splitlines()]


def ladder(path, *more):
    return run(PROGRAM, "replay", path, "--text", "--width", "120", *more).stdout.decode()


def files():
    return sorted(path.name for path in FOLDER.iterdir())


# --- the command line

def test_all():
    out = FOLDER / "all.pcapng"
    said = run(PROGRAM, "replay", TCP, "-w", out)
    expect(said.stdout == b"", "nothing is drawn")
    expect(f"11 packets and 14 calls were written into {out}." in said.stderr.decode(),
           f"it says what it did: {said.stderr}")
    expect(frames(out) == frames(TCP) and len(frames(out)) == 11, "the same frames")
    expect(comments(TCP) and set(comments(TCP)) <= set(comments(out)), "the same comments")
    again = FOLDER / "again.pcapng"
    run(PROGRAM, "replay", out, "-w", again)
    expect(again.read_bytes() == out.read_bytes(), "the same file when it is saved again")
    again.unlink()
    expect(ladder(out) == ladder(TCP), "the same ladder")
    expect(files() == ["all.pcapng"], f"nothing else is left: {files()}")


def test_shown():
    out = FOLDER / "shown.pcapng"
    run(PROGRAM, "replay", TCP, "--show", "fin or data or connect", "-w", out)
    expect(frames(out) == frames(TCP, "tcp.flags.fin == 1 or tcp.len > 0"), "what is shown")
    kept = comments(out)
    expect(len(kept) == 2 and set(kept) <= set(comments(FOLDER / "all.pcapng")) and
           all("client connect(" in line for line in kept), f"that call's begin and end: {kept}")
    run(PROGRAM, "replay", TCP, "--no-calls", "-w", out)
    expect(frames(out) == frames(TCP) and not comments(out), "without the calls")
    run(PROGRAM, "replay", TCP, "tcp[tcpflags] & tcp-syn != 0", "-w", out)
    expect(frames(out) == frames(TCP, "tcp.flags.syn == 1"), "with a capture filter")
    run(PROGRAM, "replay", TCP, "-c", "3", "-w", out)
    expect(frames(out) == frames(TCP)[:3], "with a limit")


def pcapng(blocks):
    """A capture of these blocks: (type, body)."""
    head = 0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)
    return b"".join(struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
                    for kind, body in [head, *blocks])


def test_link_types():
    """Packets of several link types, each of an interface of its own."""
    source, out = FOLDER / "several-types.pcapng", FOLDER / "saved.pcapng"
    plain = segments.segment(1)
    blocks = [(1, struct.pack("<HHI", kind, 0, 0)) for kind in (1, 101)]
    for interface, data in (0, plain), (1, plain[14:]), (0, plain):
        data += bytes(-len(data) % 4)
        blocks.append((6, struct.pack("<IIIII", interface, 0, 1000, len(data), len(data)) + data))
    source.write_bytes(pcapng(blocks))
    os.chmod(source, 0o666)
    run(PROGRAM, "replay", source, "-w", out)
    expect(len(frames(out)) == 3 and frames(out) == frames(source), "the same frames")
    expect(ladder(out) == ladder(source), "the same ladder")
    for path in source, out:
        path.unlink()


def test_streams():
    command = ordinary_user() + [PROGRAM, "replay", "-", "-w", "-"]
    done = subprocess.run(command, input=TCP.read_bytes(), capture_output=True, timeout=60, check=True)
    out = FOLDER / "stream.pcapng"
    out.write_bytes(done.stdout)
    expect(frames(out) == frames(TCP), "from standard input to standard output")


def test_over_itself():
    out = FOLDER / "itself.pcapng"
    out.write_bytes(TCP.read_bytes())
    os.chmod(out, 0o666)
    owner = FOLDER.stat().st_uid, FOLDER.stat().st_gid
    link = FOLDER / "link.pcapng"
    link.symlink_to("itself.pcapng")
    run(PROGRAM, "replay", out, "--show", "data", "-w", link)
    expect(frames(out) == frames(TCP, "tcp.len > 0"), "the file that is read can be replaced")
    expect(link.is_symlink(), "through a link, what it leads to")
    expect(out.stat().st_mode & 0o777 == 0o666, "who might read it, still may")
    os.chmod(out, 0o600)
    os.chown(out, *owner)
    run(PROGRAM, "replay", TCP, "-w", out)
    expect(out.stat().st_mode & 0o777 == 0o600, "and nobody else")


def test_failures():
    before = files()
    kept = FOLDER / "kept.pcapng"
    kept.write_text("old")
    os.chmod(kept, 0o444)
    cases = [(FOLDER / "no" / "file", "No such file"), (FOLDER, "Is a directory"), ("/dev/full", "No space left")]
    if ordinary_user() or os.geteuid() != 0:
        cases.append((kept, "Permission denied"))
    for path, text in cases:
        done = run(PROGRAM, "replay", TCP, "-w", path, check=False)
        expect(done.returncode == 1 and text in done.stderr.decode() and str(path) in done.stderr.decode(),
               f"{path}: {done.returncode} {done.stderr}")
    expect(kept.read_text() == "old", "what was there stays")
    done = run(PROGRAM, "replay", TCP, "--follow", "-w", FOLDER / "f", check=False)
    expect(done.returncode == 2 and b"--follow" in done.stderr, f"--follow: {done.stderr}")
    # A disk that is full: here a limit on the size of a file.
    big = FOLDER / "limited.pcapng"
    big.write_text("old")
    os.chmod(big, 0o666)
    done = subprocess.run(["sh", "-c", "ulimit -f 1; exec \"$@\"", "sh", *ordinary_user(),
                           PROGRAM, "replay", str(TCP), "-w", str(big)], capture_output=True, timeout=60)
    expect(done.returncode == 1 and b"cannot be written" in done.stderr and b"limited.pcapng:" in done.stderr,
           f"a write fails: {done.returncode} {done.stderr}")
    expect(big.read_text() == "old", "the old one stays when a write fails")
    expect(files() == sorted(before + ["kept.pcapng", "limited.pcapng"]), f"no half file stays: {files()}")


def test_interrupted():
    fifo, before = FOLDER / "fifo", files()
    os.mkfifo(fifo, 0o666)
    os.chmod(fifo, 0o666)
    run_as = subprocess.Popen(ordinary_user() + [PROGRAM, "replay", str(fifo), "-w", str(FOLDER / "x")],
                              stderr=subprocess.PIPE)
    with open(fifo, "wb") as writer:
        writer.write(TCP.read_bytes()[:600])
        writer.flush()
        time.sleep(1)
        run_as.send_signal(signal.SIGINT)
        status = run_as.wait(timeout=30)
    fifo.unlink()
    expect(status == 128 + signal.SIGINT, f"Ctrl-C ends it: {status}")
    expect(files() == before, f"and leaves nothing: {files()}")


def test_interrupted_while_a_pipe_waits():
    """Nobody reads the pipe that is written to: Ctrl-C says nothing, and ends it."""
    fifo, before = FOLDER / "nobody-reads", files()
    os.mkfifo(fifo, 0o666)
    os.chmod(fifo, 0o666)
    saving = subprocess.Popen([PROGRAM, "replay", str(TCP), "-w", str(fifo)], stderr=subprocess.PIPE)
    fields = {}
    while not (int(fields.get("SigCgt", "0"), 16) & 1 << signal.SIGINT - 1 and fields["State"].startswith("S")):
        time.sleep(.01)
        lines = pathlib.Path(f"/proc/{saving.pid}/status").read_text().splitlines()
        fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    saving.send_signal(signal.SIGINT)
    said = saving.communicate(timeout=30)[1]
    fifo.unlink()
    expect(saving.returncode == 128 + signal.SIGINT and said == b"", f"{saving.returncode} {said}")
    expect(files() == before, f"nothing is left: {files()}")


def work(process):
    """Seconds of processor time that a process has had; None: it has ended."""
    try:
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def large():
    """A capture that takes long to save, and how: (the seconds of work, the file's size)."""
    source, out = FOLDER / "long.pcap", FOLDER / "whole.pcapng"
    if not source.exists():
        subprocess.run([GENERATE, str(source), str(400000 // SLOWER), "1000"], check=True, capture_output=True)
        before = os.times()
        run(PROGRAM, "replay", source, "-w", out)
        LARGE.extend([sum(os.times()[2:4]) - sum(before[2:4]), out.stat().st_size])
        out.unlink()
    return source, *LARGE


def ended_by(number, *how):
    """Saves over a file that is there, and sends the signal while it is written, or a little before; the
    status. Whenever that was, it is the old file, or the new one, and there is nothing beside it."""
    (source, whole, size), out, before = large(), FOLDER / "over.pcapng", files()
    for part in .85, .7, .55, .4, .3, .2, .1, .05:
        out.write_text("old")
        os.chmod(out, 0o666)
        saving = subprocess.Popen([*ordinary_user(), *how, PROGRAM, "replay", str(source), "-w", str(out)],
                                  stderr=subprocess.PIPE)
        while (spent := work(saving)) is not None and spent < part * whole:
            time.sleep(.005)
        saving.send_signal(number)
        saving.communicate(timeout=30)  # to the broker's end, which may publish until then
        status = saving.returncode
        old = out.read_bytes()[:4] == b"old"
        expect(old or out.stat().st_size == size, f"{number}: {out.stat().st_size} bytes of {size}")
        out.unlink()
        expect(files() == before, f"{number}: nothing is left: {before} {files()}")
        if old and status != 0:
            return status
    raise AssertionError(f"{number} never came in time")


def test_signals():
    """Whatever ends it, also what cannot be caught: the old one stays, and nothing else is there."""
    for number in (signal.SIGKILL, signal.SIGXCPU, signal.SIGUSR1, signal.SIGTERM, signal.SIGHUP, signal.SIGINT,
                   signal.SIGQUIT):
        caught = number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
        status = ended_by(number)
        expect(status == (128 + number if caught else -number), f"{number}: status {status}")


def test_killed_while_it_writes():
    """At its first large write: the draft is there by then, with a name or without."""
    (source, _, _), out, before = large(), FOLDER / "over.pcapng", files()
    for how in [FORBID, "write"], [FORBID, "write", FORBID, "tmpfile"]:
        out.write_text("old")
        os.chmod(out, 0o666)
        done = subprocess.run([*ordinary_user(), *how, PROGRAM, "replay", str(source), "-w", str(out)])
        expect(done.returncode == -signal.SIGSYS, f"{how}: {done.returncode}")
        expect(out.read_text() == "old", "the old one stays")
        out.unlink()
        end = time.monotonic() + 10
        while files() != before and time.monotonic() < end:
            time.sleep(.05)
        expect(files() == before, f"{how}: nothing is left: {before} {files()}")


def test_named_drafts():
    """A file system where each file has a name: all the same."""
    before, out = files(), FOLDER / "named.pcapng"
    for mode in 0o666, 0o600:
        run(FORBID, "tmpfile", PROGRAM, "replay", TCP, "-w", out)
        expect(out.read_bytes() == (FOLDER / "all.pcapng").read_bytes(), "it is written")
        expect(files() == sorted(before + ["named.pcapng"]), f"nothing else is left: {files()}")
        out.write_text("old")
        os.chmod(out, mode)
    for number in signal.SIGKILL, signal.SIGTERM, signal.SIGQUIT:
        ended_by(number, FORBID, "tmpfile")


# --- what could not be read to its end

def damages():
    """(name, content, what is said): captures of which a part is left."""
    raw = segments.plain(3000)
    record = (len(raw) - 24) // 3000
    for name, value in ("swallows", 100000), ("absurd", 0xffffffff):
        bad = bytearray(raw)
        struct.pack_into("<I", bad, 24 + 2900 * record + 8, value)
        yield name + ".pcap", bytes(bad), "cannot be read any further"
    # One bit of a length: as a packet might have it, but no capture with this snapshot length.
    short = bytearray(segments.head() + b"".join(
        segments.record(segments.START, n, segments.segment(n)[:50], length=1500) for n in range(3000)))
    struct.pack_into("<I", short, 16, 50)
    struct.pack_into("<I", short, 24 + 2990 * 66 + 8, 50 ^ 0x400)
    yield "bit.pcap", bytes(short), "cannot be read any further"
    several = (SOURCE / "captures" / "several.pcapng").read_bytes()
    blocks = bytearray(several)
    struct.pack_into("<I", blocks, block_of_packet(blocks, 20) + 4, 60000)
    yield "block.pcapng", bytes(blocks), "cannot be read any further"
    # The last block, which is whole behind its length: it ends where it says so once more.
    blocks = bytearray(several)[:block_of_packet(several, 40)]
    blocks[block_of_packet(blocks, 39) + 5] ^= 0x80
    yield "last.pcapng", bytes(blocks), "cannot be read any further"
    # An interface that is described between packets, whose length takes in all that follows.
    at = block_of_packet(several, 20)
    swallows = struct.pack("<IIHHII", 1, 0x40000, 1, 0, 262144, 20)
    yield "interface.pcapng", several[:at] + swallows + several[at:], "cannot be read any further"
    noise = segments.head() + b"".join(  # what does not repeat: a part of the file is a part of it
        segments.record(segments.START, n, segments.segment(n, b"hello") + os.urandom(400)) for n in range(3000))
    for suffix, tool in ("gz", "gzip"), ("zst", "zstd"), ("xz", "xz"), ("lz4", "lz4 -B4"), ("bz2", "bzip2 -1"):
        if not shutil.which(tool.split()[0]):
            print(f"SKIPPED, LOUDLY: there is no {tool}", file=sys.stderr)
            continue
        packed = subprocess.run([*tool.split(), "-c"], input=noise, capture_output=True, check=True).stdout
        yield "ends." + suffix, packed[:len(packed) * 2 // 3], "ends early"
        bad = bytearray(packed)
        bad[len(bad) * 2 // 3:len(bad) * 2 // 3 + 200] = bytes(200)
        yield "bad." + suffix, bytes(bad), ""


def block_of_packet(blocks, wanted):
    """Where the block of that packet is, from 0."""
    at = seen = 0
    while True:
        kind, length = struct.unpack_from("<II", blocks, at)
        if kind == 6:
            if seen == wanted:
                return at
            seen += 1
        at += length


def check_part(done, out, old, name=".partial"):
    """`out` is what it was, the part is beside it, and that is said."""
    said = done.stderr.decode()
    part = pathlib.Path(str(out) + name)
    expect(done.returncode == 3, f"{out.name}: the exit status is {done.returncode}: {said}")
    expect(out.read_bytes() == old, f"{out.name} is what it was")
    expect(f"written into {part}. Not all could be read: no file was replaced." in said, f"{part.name}: {said}")
    expect(part.exists() and not list(FOLDER.glob(out.name + ".??????")), f"{files()}")
    return part.read_bytes() if part.exists() else b""


def test_part():
    """However a read ends early: no file is replaced, itself or another, nor the part of another time."""
    for name, content, words in damages():
        source, other = FOLDER / name, FOLDER / "other.pcapng"
        source.write_bytes(content)
        other.write_text("old")
        for path in source, other:
            os.chmod(path, 0o666)
        done = run(PROGRAM, "replay", source, "-w", source, check=False)
        part = check_part(done, source, content)
        count = len(frames(f"{source}.partial")) if part else 0
        expect(words in done.stderr.decode() and 0 < count < 3000, f"{name}: {count} packets: {done.stderr}")
        done = run(PROGRAM, "replay", source, "-w", other, check=False)
        expect(check_part(done, other, b"old") == part, f"{name}: the same packets")
        done = run(PROGRAM, "replay", source, "-w", source, check=False)
        expect(check_part(done, source, content, ".partial.2") == part, f"{name}: a second time")
        done = run(PROGRAM, "replay", source, "-w", "-", check=False)
        expect(done.returncode == 3 and done.stdout == part,
               f"{name}: to standard output it is written as far as it goes")
        for words in (["list"], ["replay", "--text"], ["figure", "--format", "json"]):
            done = run(PROGRAM, words[0], source, *words[1:], check=False)
            expect(done.returncode == 3 and done.stdout and done.stderr.startswith(b"pktladder: "),
                   f"{words} {name}: {done.returncode} {done.stderr}")
        for path in FOLDER.glob("*"):
            if path.name.startswith((name, "other")):
                path.unlink()


def test_part_of_a_figure():
    source, out = FOLDER / "bad.pcap", FOLDER / "out.svg"
    new = FOLDER / "new.svg"
    source.write_bytes(next(damages())[1])
    out.write_text("old")
    for path in source, out:
        os.chmod(path, 0o666)
    done = run(PROGRAM, "figure", source, "-o", new, "--frames", "1-5", check=False)
    expect(done.returncode == 3 and not new.exists() and (FOLDER / "new.svg.partial").exists(),
           f"nor is a new name given to a part: {done.returncode} {files()}")
    (FOLDER / "new.svg.partial").unlink()
    for more in ["--frames", "1-5"], ["--plot", "throughput"]:
        done = run(PROGRAM, "figure", source, "-o", out, *more, check=False)
        expect(done.returncode == 3 and out.read_text() == "old", f"figure: {done.returncode} {done.stderr}")
        part = FOLDER / "out.svg.partial"
        expect("</svg>" in part.read_text() and f"into {part}. Not all could be read" in done.stderr.decode(),
               f"the figure: {done.stderr}")
        part.unlink()
    done = run(PROGRAM, "figure", source, "-o", out, "--frames", "1-20", "--rows-per-page", "10", check=False)
    expect(done.returncode == 3 and "out-1.svg.partial to " in done.stderr.decode() and
           (FOLDER / "out-2.svg.partial").exists() and not (FOLDER / "out-1.svg").exists(), f"pages: {done.stderr}")
    # The other end's capture is one of two that the figure is of.
    ends = [FOLDER / "here.pcap", FOLDER / "there.pcap"]
    for n, path in enumerate(ends):
        raw = bytearray((SOURCE / "captures" / ("way-client.pcap", "way-server.pcap")[n]).read_bytes())
        if n == 1:
            raw += struct.pack("<IIII", 1, 0, 0xffffffff, 0xffffffff)
        path.write_bytes(raw)
    done = run(PROGRAM, "figure", ends[0], "--other-end", ends[1], "-o", out, check=False)
    expect(done.returncode == 3 and out.read_text() == "old" and (FOLDER / "out.svg.partial").exists(),
           f"--other-end: {done.returncode} {done.stderr}")
    for path in [source, *ends, *FOLDER.glob("out*")]:
        path.unlink()


def test_part_beside_a_link():
    """The name is that of the link that was named."""
    (FOLDER / "real.pcap").write_bytes(next(damages())[1])
    link = FOLDER / "link"
    os.chmod(FOLDER / "real.pcap", 0o666)
    link.symlink_to("real.pcap")
    done = run(PROGRAM, "replay", link, "-w", link, check=False)
    expect(done.returncode == 3 and link.is_symlink() and (FOLDER / "link.partial").exists(), f"link: {files()}")
    expect((FOLDER / "real.pcap").read_bytes() == next(damages())[1], "what the link leads to")
    for name in "real.pcap", "link", "link.partial":
        (FOLDER / name).unlink()


def test_whole_though_cut():
    """The last packet is cut, as where its writer was killed: nothing else is lost, and it is said. So
    it is whole where fewer packets were asked for than there are, whatever comes behind them."""
    raw = segments.plain(50)
    longer = raw[:16] + struct.pack("<I", 30) + raw[20:]  # than the snapshot length, all of them
    for content, more, count in (raw[:-20], [], 49), (longer[:-20], [], 49), (raw[:-70], [], 49), \
            (next(damages())[1], ["-c", "50"], 50):
        source = FOLDER / "cut.pcap"
        source.write_bytes(content)
        os.chmod(source, 0o666)
        for words in (["list"], ["replay", "--text"], ["figure", "--format", "svg"]):
            run(PROGRAM, words[0], source, *words[1:], *more)
        said = run(PROGRAM, "replay", source, "-w", source, *more).stderr.decode()
        expect(len(frames(source)) == count and ("ends in the middle of a packet" in said) == (not more),
               f"replaced, {count} packets: {said}")
        source.unlink()


def test_part_memory():
    """There is no room for more packets."""
    if SANITIZED:
        print("SKIPPED: a sanitizer's own memory has no limit", file=sys.stderr)
        return
    source = FOLDER / "large.pcap"
    subprocess.run([GENERATE, str(source), "2000000", "1000"], check=True, capture_output=True)
    os.chmod(source, 0o666)
    size = source.stat().st_size
    done = subprocess.run(["sh", "-c", "ulimit -v 160000; exec \"$@\"", "sh", *ordinary_user(), PROGRAM, "replay",
                           str(source), "-w", str(source)], capture_output=True, timeout=300)
    expect(done.returncode == 3 and source.stat().st_size == size, f"memory: {done.returncode} {done.stderr}")
    expect(b"memory is nearly used up" in done.stderr and b"large.pcap.partial" in done.stderr, f"{done.stderr}")
    (FOLDER / "large.pcap.partial").unlink(missing_ok=True)
    source.unlink()


def test_part_shrinks():
    """The file that is read is cut while it is read: what is left of it stays."""
    source = FOLDER / "shrinks.pcap"
    subprocess.run([GENERATE, str(source), str(2000000 // SLOWER), "1000"], check=True, capture_output=True)
    os.chmod(source, 0o666)
    with subprocess.Popen(ordinary_user() + [PROGRAM, "replay", str(source), "-w", str(source)],
                          stderr=subprocess.PIPE) as reading:
        while (spent := work(reading)) is not None and spent < .3:  # seconds; it has begun, and not ended
            time.sleep(.005)
        reading.send_signal(signal.SIGSTOP)
        os.truncate(source, source.stat().st_size * 9 // 10)
        reading.send_signal(signal.SIGCONT)
        said = reading.communicate(timeout=120)[1].decode()
    expect(reading.returncode in (1, 3) and "shrank while it was open" in said, f"{reading.returncode} {said}")
    expect(source.stat().st_size > 1000000 and not list(FOLDER.glob("shrinks.pcap.??????")), f"{files()}")
    for path in FOLDER.glob("shrinks*"):
        path.unlink()


# --- the screen

def shown(terminal, capture, *more):
    words = ["replay", str(capture), *more]
    terminal.start(f"cd {shlex.quote(str(FOLDER))}; " + shlex.join(ordinary_user() + [PROGRAM, *words]))
    terminal.wait_for("END", 120)


def test_screen():
    out = FOLDER / "screen.pcapng"
    with tmux.Terminal(columns=110, rows=30) as terminal:
        shown(terminal, TCP)
        terminal.type("s")
        terminal.wait_for("all packets and calls")
        terminal.type("screen.pcapng")
        terminal.keys("Enter")
        terminal.wait_for("11 packets and 14 calls were written into screen.pcapng")
        expect(out.read_bytes() == (FOLDER / "all.pcapng").read_bytes(), "all, from the screen")
        # Only what passes the filter; the file is there already.
        terminal.type("f")
        terminal.wait_for("filter:")
        terminal.type("fin")
        terminal.keys("Enter")
        terminal.wait_for("left out")
        terminal.type("s")
        terminal.wait_for("the rows that pass the filter")
        terminal.type("screen.pcapng")
        terminal.keys("Enter")
        terminal.wait_for("screen.pcapng exists: Enter replaces it")
        expect(len(frames(out)) == 11, "not replaced yet")
        terminal.keys("Escape")
        terminal.wait_gone("save as:")
        expect(len(frames(out)) == 11, "nor after Esc")
        terminal.type("s")
        terminal.wait_for("save as:")
        terminal.type("screen.pcapng")
        terminal.keys("Enter")
        terminal.wait_for("Enter replaces it")
        terminal.keys("Enter")
        terminal.wait_for("2 packets and 0 calls were written")
        expect(frames(out) == frames(TCP, "tcp.flags.fin == 1"), "replaced")
        # What cannot be: a notice, which Esc hides.
        terminal.type("s")
        terminal.wait_for("save as:")
        terminal.type("/proc/no/file")
        terminal.keys("Enter")
        terminal.wait_for("/proc/no/file cannot be written: No such file")
        terminal.keys("Escape")
        terminal.wait_gone("cannot be written")
        terminal.type("q")
        terminal.wait_for(tmux.PROMPT.strip())


def test_screen_bytes_gone():
    """The file shrinks under the view: the old one stays."""
    source, out = FOLDER / "shrinks.pcapng", FOLDER / "gone.pcapng"
    source.write_bytes(TCP.read_bytes())
    os.chmod(source, 0o666)
    out.write_text("old")
    os.chmod(out, 0o666)
    with tmux.Terminal(columns=110, rows=30) as terminal:
        shown(terminal, source)
        os.truncate(source, 700)
        terminal.type("s")
        terminal.wait_for("save as:")
        terminal.type("gone.pcapng")
        terminal.keys("Enter")
        terminal.wait_for("Enter replaces it")
        terminal.keys("Enter")
        terminal.wait_for("was not written: the bytes of frame")
        expect(out.read_text() == "old", "the old one stays when bytes are gone")
        expect(not [name for name in files() if name.startswith("gone.pcapng.")], f"no rest: {files()}")
        terminal.type("q")
        terminal.wait_for(tmux.PROMPT.strip())


def write_as(terminal, key, name, *texts):
    terminal.type(key)
    terminal.wait_for("as:")
    terminal.keys("C-u")
    terminal.type(name)
    for text in texts:
        terminal.wait_for(text)
    terminal.keys("Enter")


def test_screen_part():
    """What is still being read, or could not be read to its end, replaces nothing: neither s nor w. That
    is said before and after."""
    fifo = FOLDER / "fifo"
    os.mkfifo(fifo, 0o666)
    os.chmod(fifo, 0o666)
    bad = FOLDER / "bad.pcap"
    bad.write_bytes(next(damages())[1])
    for name in "there.pcapng", "there.svg":
        (FOLDER / name).write_text("old")
        os.chmod(FOLDER / name, 0o666)
    writer = os.open(fifo, os.O_RDWR)
    os.write(writer, segments.plain(20))
    with tmux.Terminal(columns=150, rows=30) as terminal:
        for source, why, status in (fifo, "Reading has not ended", 0), (bad, "Not all could be read", 3):
            terminal.start(f"cd {shlex.quote(str(FOLDER))}; clear; " +
                           shlex.join(ordinary_user() + [PROGRAM, "replay", source.name]) + "; echo status=$?.")
            terminal.wait_for("data 5 B")
            if source == bad:
                terminal.wait_for("cannot be read any further")
                terminal.keys("Escape")
                terminal.wait_gone("cannot be read any further")
            for key, name in ("s", "there.pcapng"), ("w", "there.svg"):
                write_as(terminal, key, name, f"{why}: it goes into {name}.partial.")
                terminal.wait_for(f"into {name}.partial. {why}: no file was replaced.")
                expect((FOLDER / name).read_text() == "old", f"{name} is what it was")
                expect((FOLDER / f"{name}.partial").stat().st_size > 1000, f"{name}.partial is there")
                (FOLDER / f"{name}.partial").unlink()
                terminal.keys("C-l")
                terminal.wait_gone("was replaced")
            terminal.type("v")
            terminal.wait_for("seq")
            write_as(terminal, "w", "there.svg", f"{why}: it goes into there.svg.partial.")
            terminal.wait_for(f"The plot was written into there.svg.partial. {why}: no file was replaced.")
            (FOLDER / "there.svg.partial").unlink()
            terminal.keys("Escape")
            terminal.type("q")
            terminal.wait_for(f"status={status}.")
            if source == bad:
                terminal.wait_for("pktladder: bad.pcap cannot be read any further")
    os.close(writer)
    for path in fifo, bad, *FOLDER.glob("there.*"):
        path.unlink()


def test_screen_times():
    """The figure has what is timed before the first packet."""
    source = FOLDER / "back.pcap"
    source.write_bytes(segments.capture([(segments.START, 0), (segments.START - 1, 0), (segments.START + 1, 0)]))
    with tmux.Terminal(columns=110, rows=30) as terminal:
        shown(terminal, source)
        write_as(terminal, "w", "back.txt")
        terminal.wait_for("4 rows were written into back.txt.")
        terminal.keys("Escape", "Escape")
        terminal.type("q")
        terminal.wait_for(tmux.PROMPT.strip())
    expect(" -1.000000 " in (FOLDER / "back.txt").read_text(), "the packet before the first")
    for name in "back.pcap", "back.txt":
        (FOLDER / name).unlink()


def test_screen_large():
    """It goes on in slices: with progress, beside other keys, until Esc, or the program's end."""
    source, out = FOLDER / "large.pcap", FOLDER / "large-out"
    subprocess.run([GENERATE, str(source), str(2000000 // SLOWER), "1000"], check=True, capture_output=True)
    with tmux.Terminal(columns=110, rows=30) as terminal:
        for end in ("Escape", "q"):
            shown(terminal, source)
            terminal.wait_gone("Esc stops reading", 120)
            terminal.type("slarge-out\rj")
            texts = "Saving into large-out: ", f"2/{2000000 // SLOWER}"
            terminal.wait(lambda: all(text in terminal.text() for text in texts),
                          "a save that goes on while keys are pressed")
            expect(not out.exists(), "nothing has its name yet")
            terminal.keys(end)
            if end == "Escape":
                terminal.wait_for("Saving was stopped: no file was written.")
                terminal.type("q")
            else:
                terminal.wait_for("saving had not ended, and was given up")
            terminal.wait(lambda: not terminal.program(), "the end")
            expect(not [name for name in files() if name.startswith("large-out")], f"no rest: {files()}")
    source.unlink()


def test_screen_time():
    first = ladder(TCP, "--time", "utc").splitlines()[2].split()[0]
    there = (datetime.datetime.fromisoformat(f"2000-01-01 {first}") + datetime.timedelta(minutes=330)).time()
    with tmux.Terminal(columns=110, rows=30, env={"TZ": "IST-5:30"}) as terminal:
        shown(terminal, TCP)
        terminal.type("t")
        terminal.wait_for(first)
        terminal.type("t")
        terminal.wait_for(there.isoformat("microseconds"))
        terminal.type("q")
        terminal.wait_for(tmux.PROMPT.strip())


test_all()
test_shown()
test_link_types()
test_streams()
test_over_itself()
test_failures()
test_interrupted()
test_interrupted_while_a_pipe_waits()
test_signals()
test_killed_while_it_writes()
test_named_drafts()
test_part()
test_part_of_a_figure()
test_part_beside_a_link()
test_whole_though_cut()
test_part_memory()
test_part_shrinks()
test_screen()
test_screen_bytes_gone()
test_screen_time()
test_screen_part()
test_screen_times()
test_screen_large()
print("failed" if failures else "ok")
sys.exit(bool(failures))

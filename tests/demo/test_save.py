#!/usr/bin/env python3
"""Saving what is shown, on the command line and on the screen, read back by tshark and by
pktladder itself.

  test_save.py PKTLADDER BENCH-GENERATE FORBID
"""
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time

from common import SOURCE, need, ordinary_user, run, work_folder

sys.path.insert(0, str(SOURCE / "tests" / "screens"))
import tmux  # noqa: E402

need("tshark", "tmux")
PROGRAM, GENERATE, FORBID = (os.path.abspath(word) for word in sys.argv[1:4])
TCP = SOURCE / "captures" / "tcp.pcapng"
FOLDER = work_folder()
MIDDLE = []  # of saving the large capture: seconds of work until it is half written
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


def work(process):
    """Seconds of processor time that a process has had; None: it has ended."""
    try:
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def work_whole(source, out):
    """The same of a run until its end."""
    before = os.times()
    run(PROGRAM, "replay", source, "-w", out, check=False)
    return sum(os.times()[2:4]) - sum(before[2:4])


def saving_large(*before):
    """A long save over a file that is there, while it is written; the process and the file."""
    source, out = FOLDER / "large.pcap", FOLDER / "over.pcapng"
    if not source.exists():
        subprocess.run([GENERATE, str(source), "2000000", "1000"], check=True, capture_output=True)
        reading = work_whole(source, "/dev/full")  # its first write fails, after all was read
        MIDDLE.append((reading + work_whole(source, "/dev/null")) / 2)
    for _ in range(5):
        out.write_text("old")
        os.chmod(out, 0o666)
        saving = subprocess.Popen([*ordinary_user(), *before, PROGRAM, "replay", str(source), "-w", str(out)],
                                  stderr=subprocess.DEVNULL)
        while (spent := work(saving)) is not None and spent < MIDDLE[0]:
            time.sleep(.005)
        if spent is not None:
            return saving, out
        saving.wait()
    raise AssertionError("it was never seen while it was written")


def test_signals():
    """Whatever ends it, also what cannot be caught: the old one stays, and nothing else is there."""
    for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGUSR1, signal.SIGTERM, signal.SIGHUP, signal.SIGINT,
                   signal.SIGQUIT):
        saving, out = saving_large()
        before = files()
        saving.send_signal(number)
        status = saving.wait(timeout=30)
        caught = number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
        expect(status == (128 + number if caught else -number), f"{number}: status {status}")
        expect(out.read_text() == "old", f"{number}: the old one stays")
        expect(files() == before and not [name for name in before if name.startswith("over.pcapng.")],
               f"{number}: nothing is left: {before} {files()}")


def test_named_drafts():
    """A file system where each file has a name: all the same, but for what cannot be caught."""
    before, out = files(), FOLDER / "named.pcapng"
    for mode in 0o666, 0o600:
        run(FORBID, "tmpfile", PROGRAM, "replay", TCP, "-w", out)
        expect(out.read_bytes() == (FOLDER / "all.pcapng").read_bytes(), "it is written")
        expect(files() == sorted(before + ["named.pcapng"]), f"nothing else is left: {files()}")
        out.write_text("old")
        os.chmod(out, mode)
    for number in signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT:
        saving, over = saving_large(FORBID, "tmpfile")
        saving.send_signal(number)
        expect(saving.wait(timeout=30) == 128 + number, f"{number} ends it")
        expect(over.read_text() == "old" and not [name for name in files() if name.startswith("over.pcapng.")],
               f"{number}: nothing is left: {files()}")


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


def test_screen_large():
    """It goes on in slices: with progress, beside other keys, until Esc, or the program's end."""
    source, out = FOLDER / "large.pcap", FOLDER / "large-out"
    subprocess.run([GENERATE, str(source), "2000000", "1000"], check=True, capture_output=True)
    with tmux.Terminal(columns=110, rows=30) as terminal:
        for end in ("Escape", "q"):
            shown(terminal, source)
            terminal.wait_gone("Esc stops reading", 120)
            terminal.type("s")
            terminal.wait_for("save as:")
            terminal.type("large-out")
            terminal.keys("Enter")
            terminal.wait_for("Saving into large-out: ")
            terminal.keys("Down")
            terminal.wait_for("2/2000000")
            expect("Saving into" in terminal.text(), "it goes on while keys are pressed")
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
    with tmux.Terminal(columns=110, rows=30, env={"TZ": "IST-5:30"}) as terminal:
        shown(terminal, TCP)
        terminal.type("t")
        terminal.wait_for("18:25:33.971868")
        terminal.type("t")
        terminal.wait_for("23:55:33.971868")
        terminal.type("q")
        terminal.wait_for(tmux.PROMPT.strip())


test_all()
test_shown()
test_streams()
test_over_itself()
test_failures()
test_interrupted()
test_signals()
test_named_drafts()
test_screen()
test_screen_bytes_gone()
test_screen_time()
test_screen_large()
print("failed" if failures else "ok")
sys.exit(bool(failures))

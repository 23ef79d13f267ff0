#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is printed: standard output that is read no further, full, or closed; and what
the programs of `run` print.

  test_printed.py PKTLADDER
"""
import os
import re
import select
import signal
import subprocess
import sys
import time

from common import SOURCE, check, ordinary_user, work_folder

PROGRAM = os.path.abspath(sys.argv[1])
TCP = str(SOURCE / "captures" / "tcp.pcapng")
FOLDER = work_folder()

# Each command that prints. The last two are recordings, of a file and of live programs.
COMMANDS = [
    ["--help"], ["--version"], ["list", "--help"], ["doctor", "--apparmor-profile"], ["-D"],
    ["demo", "--list"], ["figure", "--format", "help"],
    ["replay", TCP, "--text"], ["replay", TCP, "--text", "--conversations", "0"],
    ["list", TCP], ["list", TCP, "--format", "tsv"], ["list", TCP, "--format", "json"],
    ["figure", TCP, "--format", "svg", "-o", "-"], ["figure", TCP, "--format", "markdown"],
    ["figure", TCP, "--plot", "sequence", "--format", "svg"], ["demo", "tcp", "--text"],
    ["replay", TCP, "-w", "-"], ["demo", "tcp", "-w", "-"],
]

# Two that talk for ever.
SERVER = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 7777))
while True:
    s.sendto(*s.recvfrom(100))
"""
CLIENT = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", 7777))
while True:
    s.send(b"again")
    s.recv(100)
"""


# One exchange of datagrams, between what they print: `before` and `after`.
ONCE = """
import os, signal, socket, sys
def server(before, after):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 7777))
    before()
    data, address = s.recvfrom(100)
    after()
    s.sendto(data, address)
def client(before, after):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", 7777))
    before()
    s.send(b"once")
    s.recv(100)
    after()
def out(data): os.write(1, data)
def err(data): os.write(2, data)
def nothing(): pass
"""


def start(words, **more):
    """What it said on standard error, and its exit status."""
    done = subprocess.run(ordinary_user() + words, cwd=FOLDER, stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"},
                          **more)
    return done.stderr.decode(), done.returncode


def running(word):
    """The processes that have the word on their command line."""
    return subprocess.run(["pgrep", "-af", word], capture_output=True, text=True).stdout


def print_to_nobody():
    """Standard output is a pipe whose reader has seen enough, as in `| head`: no error."""
    for arguments in COMMANDS:
        for signals in True, False:  # False: SIGPIPE is ignored, as by this Python
            reader, writer = os.pipe()
            os.close(reader)
            said, status = start([PROGRAM, *arguments], stdout=writer, restore_signals=signals)
            os.close(writer)
            check((said, status) == ("", 0), f"{arguments}: {status}: {said}")


def print_to_full_disk():
    for arguments in COMMANDS:
        with open("/dev/full", "w") as full:
            said, status = start([PROGRAM, *arguments], stdout=full)
        check(status == 1, f"{arguments}: exit status {status}: {said}")
        check(said.count("\n") == 1 and "No space left on device" in said, f"{arguments}: {said}")


def print_to_closed():
    for arguments in COMMANDS:
        said, status = start(["sh", "-c", 'exec "$@" >&-', "sh", PROGRAM, *arguments])
        check(status == 1, f"{arguments}: exit status {status}: {said}")
        check(said.count("\n") == 1 and "Bad file descriptor" in said, f"{arguments}: {said}")


def programs_end_with_the_reader():
    """Whoever reads the ladder, or the recording, goes: so do the programs that talk on, or wait."""
    (FOLDER / "server.py").write_text(SERVER)
    idle = CLIENT.replace("while True:", "for _ in range(30):") + "import time; time.sleep(600)\n"
    for how, client in (["--text"], CLIENT), (["-w", "-"], CLIENT), (["--text"], idle), (["-w", "-"], idle):
        (FOLDER / "client.py").write_text(client)
        run = subprocess.Popen([*ordinary_user(), PROGRAM, "run", *how, "--", "python3", str(FOLDER / "server.py"),
                                "--and", "python3", str(FOLDER / "client.py")],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(len(run.stdout.read(2000)) == 2000, "much is printed")
        while client == idle and select.select([run.stdout], [], [], 1)[0]:
            os.read(run.stdout.fileno(), 4096)
        check(str(FOLDER) in running("client.py"), "the programs run")
        run.stdout.close()
        said = run.communicate(timeout=30)[1]
        check((said, run.returncode) == (b"", 0), f"{how}: {run.returncode}: {said}")
        end = time.monotonic() + 10
        while running(str(FOLDER)) and time.monotonic() < end:
            time.sleep(.05)
        check(not running(str(FOLDER)), f"{how}: they go on: {running(str(FOLDER))}")


def run(server, client, *how, status=0, **more):
    """Two programs that use ONCE; the lines on standard error, and standard output."""
    for name, text in ("server.py", server), ("client.py", client):
        (FOLDER / name).write_text(ONCE + text)
    done = subprocess.run([*ordinary_user(), PROGRAM, "run", *(how or ["--text"]), "--", "python3", "server.py",
                           "--and", "python3", "client.py"], cwd=FOLDER, stdin=subprocess.DEVNULL, timeout=100,
                          env={**os.environ, "LC_ALL": "C.UTF-8"}, **{"capture_output": True, **more})
    said = (done.stderr or b"").decode()
    check(done.returncode == status, f"exit status {done.returncode}, not {status}: {said[-1000:]}")
    check(not said or said.endswith("\n"), f"the last line has its end: {said[-100:]!r}")
    return said.splitlines(), (done.stdout or b"").decode(errors="replace")


TALK = ("server(lambda: (out(b'listening\\n'), err(b'a warning\\n')), lambda: out(b'got it\\n'))",
        "client(lambda: out(b'half a '), lambda: (err(b'line\\n'), out(b'\\tno end')))")
TOLD = {"server: ": ["listening", "a warning", "got it"], "client: ": ["half a line", "        no end"]}


def of(lines, who):
    """What one of them printed; nothing may come from anybody else but pktladder."""
    check(all(re.match("(server|client|pktladder): ", line) for line in lines), f"whose line is that? {lines}")
    return [line.removeprefix(who) for line in lines if line.startswith(who)]


def programs_print():
    """Each line with its program's name, in order, while standard output has the ladder, or a recording."""
    recording = FOLDER / "x.pcapng"
    for how in ["--text"], ["-w", str(recording)], ["-w", str(recording), "--text"], ["-w", "-"]:
        lines, out = run(*TALK, *how)
        check(len(lines) == 5, f"{how}: {lines}")
        for who, told in TOLD.items():
            check(of(lines, who) == told, f"{how}: {who}{of(lines, who)}")
        check("-w" in how and "-" in how or "datagram 4 B" in out, f"{how}: {out}")


def failing_programs_print():
    """The same where it fails, before what pktladder says about that."""
    lines, _ = run(TALK[0], TALK[1] + "; sys.exit(3)", status=3)
    check(lines[-1] == "pktladder: the client ended with exit status 3", lines)
    check(len(lines) == 6 and of(lines, "client: ") == TOLD["client: "], lines)
    lines, _ = run("err(b'no room'); sys.exit(5)", "nothing()", status=125)
    check(lines[0] == "server: no room" and lines[1].startswith("pktladder: The server "), lines)
    lines, _ = run(TALK[0], TALK[1] + "; os.kill(os.getpid(), 11)", status=139)
    check(lines[-1].startswith("pktladder: the client was killed by signal 11") and len(lines) == 6, lines)


def last_words():
    """What a server says when pktladder ends it."""
    bye = "signal.signal(signal.SIGINT, lambda *_: (out(b'bye\\n' * 100000), sys.exit(0)))\n"
    lines, _ = run(bye + "server(nothing, nothing); import time; time.sleep(60)", TALK[1])
    check(of(lines, "server: ") == 100000 * ["bye"], f"{len(lines)} lines")


def last_words_after_ctrl_c():
    """The same where pktladder is ended while they run."""
    bye = "signal.signal(signal.SIGTERM, lambda *_: (out(b'bye\\n' * 100000), sys.exit(0)))\n"
    (FOLDER / "server.py").write_text(ONCE + bye + "server(lambda: out(b'listening\\n'), nothing)")
    ladder = subprocess.Popen([*ordinary_user(), PROGRAM, "run", "--text", "--", "python3", "server.py"], cwd=FOLDER,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
    check(ladder.stderr.readline() == "server: listening\n", "it is told as soon as it is printed")
    ladder.send_signal(signal.SIGINT)
    lines = ladder.communicate(timeout=30)[1].splitlines()
    check(ladder.returncode == 0 and of(lines, "server: ") == 100000 * ["bye"], f"{ladder.returncode} {len(lines)} lines")


def much_is_printed():
    """Megabytes, of both, and faster than the ladder grows: no line is lost."""
    print_lines = "lambda: out(b''.join(b'%s line %%07d of many\\n' %% i for i in range(150000)))"
    lines, out = run(f"server({print_lines % 'a'}, nothing)", f"client(nothing, {print_lines % 'b'})")
    for who, letter in ("server: ", "a"), ("client: ", "b"):
        told = of(lines, who)
        check(told == [f"{letter} line {i:07} of many" for i in range(150000)], f"{who}: {len(told)} lines")
    check("datagram 4 B" in out, out)


def endless_is_printed():
    """A program that prints for ever does not stand in the way of the ladder, nor of the end."""
    endless = "import threading\nthreading.Thread(target=lambda: [out(b'again\\n') for _ in iter(int, 1)], daemon=True).start()\n"
    _, out = run(endless + "server(nothing, nothing)", "client(nothing, nothing)", stderr=subprocess.DEVNULL,
                 stdout=subprocess.PIPE, capture_output=False)
    check(out.count("datagram 4 B") == 2, out)


def anything_is_printed():
    """Bytes that a terminal obeys, that are no text, and lines that do not end, are shown, all of them."""
    lines, _ = run("server(lambda: out(bytes(range(256))), nothing)", "client(lambda: out(b'x' * 3000000), nothing)")
    told = of(lines, "server: ")
    lone = "".join(f"\\x{n:02x}" for n in range(0x80, 0x100))
    wanted = ["".join(f"\\x{n:02x}" for n in range(9)) + "    ", "\\x0b\\x0c",
              "".join(f"\\x{n:02x}" for n in range(0x0e, 0x20)) + "".join(map(chr, range(0x20, 0x7f))) + "\\x7f" + lone]
    check(told == wanted, f"{told}\n{wanted}")
    told = of(lines, "client: ")
    check("".join(told) == "x" * 3000000 and len(told) < 50, f"{len(told)} pieces of {sum(map(len, told))} bytes")
    # Characters are not torn apart, nor lines that end in both ways.
    lines, _ = run("server(lambda: out(('é' * 100000).encode()), nothing)",
                   "client(lambda: out(b'one\\r\\ntwo\\n\\r three\\r 10%\\r 20%\\n\\r\\n\\nend'), nothing)")
    check("".join(of(lines, "server: ")) == "é" * 100000, of(lines, "server: ")[0][-20:])
    check(of(lines, "client: ") == ["one", "two", " three", " 10%", " 20%", "", "", "end"], lines)


def standard_error_that_is_gone():
    """Read no further: no error. Full: what is lost makes it one."""
    reader, writer = os.pipe()
    os.close(reader)
    run(*TALK, stderr=writer, stdout=subprocess.PIPE, capture_output=False)
    os.close(writer)
    with open("/dev/full", "w") as full:
        run(*TALK, stderr=full, stdout=subprocess.PIPE, capture_output=False, status=125)


for test in (print_to_nobody, print_to_full_disk, print_to_closed, programs_end_with_the_reader, programs_print,
             failing_programs_print, last_words, last_words_after_ctrl_c, much_is_printed, endless_is_printed, anything_is_printed,
             standard_error_that_is_gone):
    test()
    print(f"{test.__name__}: well")

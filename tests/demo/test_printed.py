#!/usr/bin/env python3
"""What is printed: standard output that is read no further, full, or closed.

  test_printed.py PKTLADDER
"""
import os
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
    """Whoever reads the ladder, or the recording, goes: so do the programs that talk on."""
    for name, text in ("server.py", SERVER), ("client.py", CLIENT):
        (FOLDER / name).write_text(text)
    for how in ["--text"], ["-w", "-"]:
        run = subprocess.Popen([*ordinary_user(), PROGRAM, "run", *how, "--", "python3", str(FOLDER / "server.py"),
                                "--and", "python3", str(FOLDER / "client.py")],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(len(run.stdout.read(20000)) == 20000, "much is printed")
        check(str(FOLDER) in running("client.py"), "the programs run")
        run.stdout.close()
        said = run.communicate(timeout=30)[1]
        check((said, run.returncode) == (b"", 0), f"{how}: {run.returncode}: {said}")
        end = time.monotonic() + 10
        while running(str(FOLDER)) and time.monotonic() < end:
            time.sleep(.05)
        check(not running(str(FOLDER)), f"{how}: they go on: {running(str(FOLDER))}")


for test in print_to_nobody, print_to_full_disk, print_to_closed, programs_end_with_the_reader:
    test()
    print(f"{test.__name__}: well")

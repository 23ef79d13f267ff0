#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs of which something cannot be seen or had: who it is and why stands on the ladder and on
standard error, the packets are drawn, and the client starts.

  test_unseen.py PKTLADDER
"""
import pathlib
import stat
import sys

from common import Ladder, check, need, ordinary_user, run, skip_part, work_folder

PROGRAM = sys.argv[1]
PRELUDE = """
import ctypes, os, socket, subprocess
c = ctypes.CDLL(None, use_errno=True)
def serve():
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 7777)); s.listen(); a, _ = s.accept(); a.sendall(a.recv(9)); a.recv(9)
"""
CLIENT = ("import socket; c = socket.create_connection(('127.0.0.1', 7777)); c.sendall(b'x'); c.recv(9); c.close()")
SU = pathlib.Path("/usr/bin/su")
need("python3")
folder = work_folder()


def ladder_of(name, server, user=True):
    script = folder / f"{name}.py"
    script.write_text(PRELUDE + server + "\nserve()\n")
    script.chmod(0o644)
    folder.chmod(0o755)
    done = run(PROGRAM, "run", "--text", "--width", 200, "--", "python3", script, "--and", "python3", "-c", CLIENT,
               user=user)
    text, told = done.stdout.decode(), done.stderr.decode()
    print(text, told)
    ladder = Ladder("\n".join(line for line in text.split("\n") if "(process " not in line))
    arrows = ladder.arrows()
    check(any("SYN-ACK" in label for _, label in arrows), f"{name}: no handshake in {arrows}")
    return ladder, text, told


def check_told(name, server, words, calls=True, user=True):
    ladder, text, told = ladder_of(name, server, user)
    for where, what in (("the ladder", text), ("standard error", told)):
        check(words in what, f"{name}: “{words}” is not on {where}")
        check("(process " in what, f"{name}: {where} does not say which")
    check(("accept4" in ladder.calls("server")) == calls, f"{name}: the server's calls: {ladder.calls('server')}")


HIDE = "assert c.prctl(4, 0, 0, 0, 0) == 0"
ladder, text, told = ladder_of("hidden", HIDE)
if "lets nobody look" in told:
    skip_part("no user namespace: what is not dumpable was not traced")
else:
    check(ladder.calls("server").count("accept4") == 1 and "process" not in told, "the hidden server's calls")
if not ordinary_user():
    skip_part("not root: what root may not trace was not tried")
else:
    check_told("hidden-root", HIDE, "lets nobody look into it", calls=False, user=False)

check_told("io_uring", "assert c.syscall(425, 8, 0) == -1 and ctypes.get_errno() == 38", "asked for io_uring")
check_told("debugger", "assert c.ptrace(0, 0, 0, 0) == -1", "asked to trace or to be traced")
if SU.exists() and SU.stat().st_mode & stat.S_ISUID:
    check_told("set-user-id", f"subprocess.run(['{SU}', '--version'])", "take no effect here")
else:
    skip_part(f"{SU} is not set-user-id")
print("what is not seen is said")

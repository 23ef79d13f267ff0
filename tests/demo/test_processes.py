#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nobody takes anything from a process of pktladder, and none has more than it needs: rights,
groups and descriptors as /proc shows them, and a program that tries to rob each.

  test_processes.py PKTLADDER ESCAPE
"""
import contextlib
import gzip
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import time

from common import SOURCE, USER, check, ordinary_user, skip, skip_part

PROGRAM, ESCAPE = sys.argv[1:3]
ROOT = os.geteuid() == 0
CAPTURE = SOURCE / "captures" / "tcp.pcapng"
REFUSED = {"EPERM", "EACCES", "ESRCH", "ENOENT"}
# /proc's figures of rights, and that none of them is left
NONE = {name: "0000000000000000" for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
# but for the tracer: CAP_SYS_PTRACE, over what runs in the user namespace that was made for it
TRACES = NONE | {name: "0000000000080000" for name in ("CapPrm", "CapEff")}

as_user = ordinary_user()
user = USER if ROOT else os.geteuid()
if not ROOT:
    skip_part("not root: nobody's descriptors and mappings can be listed")


class Process:
    def __init__(self, pid):
        self.pid = pid
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
        self.status = {key: value.strip() for key, value in (line.split(":", 1) for line in lines)}
        self.name = self.status["Name"]
        self.parent = int(self.status["PPid"])

    def hidden(self):
        """The kernel gives files of /proc to root where a process is not dumpable."""
        return os.stat(f"/proc/{self.pid}/mem").st_uid == 0 and self.dumpable_owner() != 0

    def dumpable_owner(self):
        return int(self.status["Uid"].split()[1])

    def fds(self):
        return {int(fd): os.readlink(f"/proc/{self.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{self.pid}/fd")}

    def packet_sockets(self):
        lines = pathlib.Path(f"/proc/{self.pid}/net/packet").read_text().splitlines()[1:]
        inodes = {f"socket:[{line.split()[-1]}]" for line in lines}
        maps = pathlib.Path(f"/proc/{self.pid}/maps").read_text()
        return {fd for fd, target in self.fds().items() if target in inodes} | \
               {name for name in inodes if name in maps}


def family(pid):
    """The process and all that descend from it, by the names that they have given themselves."""
    known = {}
    for entry in os.listdir("/proc"):
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            if entry.isdigit():
                known[int(entry)] = Process(int(entry))
    found = [known[pid]]
    for process in found:
        found += [other for other in known.values() if other.parent == process.pid]
    return found


def await_family(pid, *names):
    """Once there are at least these."""
    until = time.monotonic() + 20
    while True:
        found = family(pid)
        left = [process.name for process in found]
        with contextlib.suppress(ValueError):
            for name in names:
                left.remove(name)
            return found
        check(time.monotonic() < until, f"no {names} among {left}")
        time.sleep(0.05)


def rob(process):
    done = subprocess.run([*as_user, ESCAPE, "rob", str(process.pid)], capture_output=True, text=True, check=True)
    print(process.pid, process.name, done.stdout.split("\n"))
    return {line.split(": ")[1] for line in done.stdout.splitlines()}


def check_process(process, rights=None, groups=None):
    check(process.hidden(), f"{process.name} is dumpable")
    check(rob(process) <= REFUSED, f"{process.name} was robbed")
    check_rights(process, rights or NONE, groups)


def check_rights(process, rights, groups):
    for name, value in rights.items():
        check(process.status[name] == value, f"{process.name}: {name} {process.status[name]}")
    check(process.status["NoNewPrivs"] == "1", f"{process.name} could get new rights")
    check(int(process.status["Uid"].split()[0]) == user, f"{process.name} is {process.status['Uid']}")
    if groups is not None:
        check(process.status["Groups"].split() == groups, f"{process.name}: groups {process.status['Groups']}")


def check_fds(process, expected, packet=0):
    """`expected`: the numbers of all, where they are known."""
    if not ROOT:
        return
    check(expected is None or set(process.fds()) == expected, f"{process.name} has {process.fds()}")
    found = process.packet_sockets()
    check(len(found) == packet, f"{process.name} has packet sockets and rings: {found}")


@contextlib.contextmanager
def terminal(words):
    """The program on a terminal of its own."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                               env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"})
    os.close(theirs)
    try:
        yield program
    finally:
        os.write(ours, b"q")
        while program.poll() is None:
            with contextlib.suppress(OSError):
                os.read(ours, 65536)
        os.close(ours)


# as setpriv or the login left them
groups = [] if as_user else [str(gid) for gid in sorted(os.getgroups())]

doctor = subprocess.run([*as_user, PROGRAM, "doctor"], capture_output=True, text=True, check=False,
                        env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout.splitlines()
if not doctor[0].startswith("ok"):
    skip(doctor[0])

# A demo on its screen, each call held: every kind of process but the one that decompresses.
with terminal([*as_user, PROGRAM, "demo", "tcp", "--step"]) as program:
    found = await_family(program.pid, "pktladder", "pktladder-guard", "pktladder-trace", "server",
                         "pktladder-files", "pktladder-conv")
    if "pktladder-init" not in [process.name for process in found]:
        skip_part(next(line for line in doctor if "PID namespace" in line))
    for process in found:
        if process.name in ("server", "client") or process.parent != program.pid and process.name == "pktladder-trace":
            check_rights(process, NONE, groups)  # a program, or the process that waits to be one
            check_fds(process, None)
            continue
        if process.name == "pktladder-trace":
            check_process(process, TRACES, groups)
            check_fds(process, None)
            continue
        # The brokers are outside the private network, where nobody but root drops a bounding set.
        outside = process.name in ("pktladder-files", "pktladder-conv")
        check_process(process, {name: value for name, value in NONE.items() if name != "CapBnd" or not outside},
                      groups=groups)
        check_fds(process, {"pktladder-guard": {0, 1, 2}, "pktladder-init": {0}}.get(process.name),
                  packet=2 if process.pid == program.pid else 0)  # the socket, and its ring

# What decompresses, as long as its input is not at its end.
with subprocess.Popen([*as_user, PROGRAM, "replay", "-", "--text"], stdin=subprocess.PIPE,
                      stdout=subprocess.DEVNULL) as program:
    program.stdin.write(gzip.compress(CAPTURE.read_bytes())[:-8])
    program.stdin.flush()
    found = await_family(program.pid, "pktladder", "pktladder-unzip")
    for process in found:
        check_process(process, {name: value for name, value in NONE.items() if name != "CapBnd"})
        check_fds(process, {0, 1} if process.pid != program.pid else None)
    program.stdin.close()

if not ROOT:
    skip_part("not root: neither sudo nor setcap was tried")
    sys.exit()

# Under sudo: what root opened is the user's to draw, and nobody's to take.
sudo = ["env", f"SUDO_UID={user}", f"SUDO_GID={user}"]
with terminal([*sudo, PROGRAM, "live", "-i", "lo", "udp port 9996"]) as program:
    for process in await_family(program.pid, "pktladder", "pktladder-guard"):
        check_process(process, groups=[str(user)])  # nobody's number is in no other group
        check_fds(process, {0, 1, 2} if process.name == "pktladder-guard" else None,
                  packet=2 if process.name == "pktladder" else 0)

# The right to capture in the file (setcap): any of this user's programs is after the socket.
with tempfile.TemporaryDirectory(prefix="pktladder-setcap-") as folder:
    copy = pathlib.Path(folder) / "pktladder"
    subprocess.run(["cp", PROGRAM, copy], check=True)
    os.chmod(folder, 0o755)
    if subprocess.run(["setcap", "cap_net_raw+ep", copy], check=False).returncode:
        skip("no setcap here, or no file capabilities")
    with_rights = [word for word in as_user if word != "--no-new-privs"]
    with terminal([*with_rights, copy, "live", "-i", "lo", "udp port 9996"]) as program:
        for process in await_family(program.pid, "pktladder", "pktladder-guard"):
            check_process(process, {name: value for name, value in NONE.items() if name != "CapBnd"})
            check_fds(process, {0, 1, 2} if process.name == "pktladder-guard" else None,
                      packet=2 if process.name == "pktladder" else 0)
print("nobody has more than he needs, and nothing was taken")

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Under sudo every command opens its files as the user who called, and decodes as that user.

  test_sudo.py PKTLADDER

As root, sudo is what it says in the environment (SUDO_UID and SUDO_GID); as an ordinary
user it is sudo itself, where that asks for no password.
"""
import atexit
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from common import SOURCE, USER, check, skip

PROGRAM = sys.argv[1]
CAPTURE = SOURCE / "captures" / "tcp.pcapng"

if os.geteuid() == 0:
    user = USER
    AS_ROOT, SUDO = [], ["env", f"SUDO_UID={user}", f"SUDO_GID={user}", "SUDO_USER=somebody"]
else:
    user = os.geteuid()
    if not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
        skip("neither root nor a sudo that asks for no password")
    AS_ROOT, SUDO = ["sudo", "-n"], ["sudo", "-n"]


def root(*words):
    subprocess.run([*AS_ROOT, *map(str, words)], check=True)


def sudo(*words, **more):
    return subprocess.run([*SUDO, PROGRAM, *map(str, words)], capture_output=True, timeout=60,
                          stdin=more.pop("stdin", subprocess.DEVNULL),
                          env={**os.environ, "LC_ALL": "C.UTF-8"}, **more)


def read_as_root(path):
    return subprocess.run([*AS_ROOT, "cat", path], capture_output=True, check=True).stdout


folder = pathlib.Path(tempfile.mkdtemp(prefix="pktladder-sudo-"))
atexit.register(root, "rm", "-rf", folder)
mine, roots = folder / "mine", folder / "root's"
for path, owner in ((mine, user), (roots, 0)):
    path.mkdir()
    root("chown", owner, path)
folder.chmod(0o755)
root("chmod", "755", roots)

# Root's capture, closed to others: refused by each command, with the way out, which works.
closed = roots / "it's closed.pcapng"
root("cp", CAPTURE, closed)
root("chmod", "600", closed)
way = "sudo cat '" + str(closed).replace("'", "'\\''") + "' | pktladder -"
for words in (["replay", "--text"], ["list"], ["figure", "--format", "svg"], ["--read"]):
    done = sudo(*words, closed)
    check(done.returncode == 1 and not done.stdout, f"{words}: root's file was drawn: {done}")
    check(way in done.stderr.decode(), f"{words}: {done.stderr.decode()}")
with subprocess.Popen([*AS_ROOT, "cat", closed], stdout=subprocess.PIPE) as cat:
    done = sudo("-", "--text", stdin=cat.stdout)
check(done.returncode == 0 and b"SYN" in done.stdout, f"from root's cat: {done}")

# Open to the user, it is drawn, into the user's files.
figure = mine / "figure.svg"
done = sudo("figure", CAPTURE, "-o", figure)
check(done.returncode == 0 and figure.stat().st_uid == user, f"{done}")
done = sudo("replay", CAPTURE, "-w", mine / "copy.pcapng")
check(done.returncode == 0 and (mine / "copy.pcapng").stat().st_uid == user, f"{done}")

# Into root's folder the user writes nothing.
for words in (["figure", CAPTURE, "-o", roots / "figure.svg"], ["replay", CAPTURE, "-w", roots / "copy.pcapng"]):
    done = sudo(*words)
    check(done.returncode == 1 and not pathlib.Path(words[-1]).exists(), f"{words}: {done}")

# A link to root's file: neither emptied nor given away.
secret = roots / "secret"
root("sh", "-c", 'echo "root\'s words" > "$1"; chmod 644 "$1"', "sh", secret)
link = mine / "recording.pcapng"
link.symlink_to(secret)
for words in (["live", "-c", "1", "-w", link], ["demo", "tcp", "--text", "-w", link],
              ["run", "--text", "-w", link, "--", "true"]):
    done = sudo(*words)
    check(read_as_root(secret) == b"root's words\n", f"{words}: root's file was written through a link")
    check(secret.stat().st_uid == 0, f"{words}: root's file is the user's")
    check(done.returncode == (125 if words[0] == "run" else 1), f"{words}: {done}")


@contextlib.contextmanager
def started(*words, **more):
    process = subprocess.Popen([*SUDO, PROGRAM, *map(str, words)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8"}, **more)
    try:
        yield process
    finally:
        if process.poll() is None:
            root("kill", "-KILL", process.pid)
        process.communicate()


def processes_of(pid):
    """The pktladder that runs as process `pid`, or in it, and its children."""
    for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from processes_of(child)
    if pathlib.Path(f"/proc/{pid}/comm").read_text().startswith(os.path.basename(PROGRAM)):
        yield int(pid)


def status(pid, name):
    lines = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
                 if ":\t" in line)
    return lines[name]


def all_are_users(pid, least):
    """Each process has the user's name four times, and no capability."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = list(processes_of(pid))
        states = [(status(one, "Uid").split(), status(one, "CapPrm").strip("0 ")) for one in found]
        if len(found) >= least and all(state == ([str(user)] * 4, "") for state in states):
            return
        time.sleep(0.05)
    raise AssertionError(f"{len(found)} processes, their users and capabilities: {states}")


# Who waits for packets, live or in a pipe, is the user; so is what decompresses them.
compressed = subprocess.run(["gzip", "-c", CAPTURE], capture_output=True, check=True).stdout
with started("replay", "--text", "-", stdin=subprocess.PIPE) as process:
    process.stdin.write(compressed[:200])
    process.stdin.flush()
    all_are_users(process.pid, 2)
recording = mine / "live.pcapng"
with started("live", "--text", "-c", "1", "-w", recording, "udp port 9") as process:
    all_are_users(process.pid, 1)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        sender.sendto(b"x", ("127.0.0.1", 9))
        time.sleep(0.1)
    check(process.wait(10) == 0, process.stderr.read().decode())
check(recording.stat().st_uid == user, "the recording is not the user's")

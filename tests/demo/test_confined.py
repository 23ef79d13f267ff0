#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who decodes and draws is confined while it does, and root nowhere decodes: what the kernel
says of each process, command by command.

  test_confined.py PKTLADDER

What a confined process can no longer do is tried in tests/unit/test_confine.c.
"""
import contextlib
import os
import pathlib
import pty
import pwd
import subprocess
import sys
import time

from common import SOURCE, USER, check, ordinary_user, work_folder

PROGRAM = sys.argv[1]
CAPTURE = SOURCE / "captures" / "tcp.pcapng"
NOBODY = pwd.getpwnam("nobody").pw_uid
ROOT = os.geteuid() == 0


def status(pid):
    return dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
                if ":\t" in line)


def children(pid):
    return [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()]


def names_of(pid):
    return {status(child)["Name"] for child in children(pid)}


def confined(pid):
    state = status(pid)
    return (state["Seccomp"], state["NoNewPrivs"], state["Threads"]) == ("2", "1", "1")


def wait_for(condition, what):
    end = time.monotonic() + 30
    while not condition():
        check(time.monotonic() < end, f"{what}: not within 30 seconds")
        time.sleep(0.02)


@contextlib.contextmanager
def started(*words, screen=False, user=False, feed=None):
    """The process id of a pktladder that waits for more input, or for keys."""
    command = [*(ordinary_user() if user else []), PROGRAM, *map(str, words)]
    master, slave = pty.openpty() if screen else (None, subprocess.DEVNULL)
    process = subprocess.Popen(command, stdin=subprocess.PIPE if feed is not None else slave, stdout=slave,
                               stderr=slave, env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"},
                               start_new_session=True)
    if feed:
        process.stdin.write(feed)
        process.stdin.flush()
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()
        if screen:
            os.close(master)
            os.close(slave)


def look(*words, brokers, **more):
    """Confined, and with as many brokers beside it; each of them confined too."""
    with started(*words, **more) as pid:
        wait_for(lambda: confined(pid), words)
        wait_for(lambda: names_of(pid) >= set(brokers), f"{words}: {brokers}")
        names = {status(child)["Name"]: child for child in children(pid)}
        check({"pktladder-files", "pktladder-conv"} & set(names) == set(brokers), f"{words}: {names}")
        for name in brokers:
            wait_for(lambda: confined(names[name]), f"{words}: {name}")
        if ROOT and not more.get("user"):
            users = {name: status(child)["Uid"].split()[0] for name, child in names.items()}
            check(status(pid)["Uid"].split() == [str(NOBODY)] * 4, f"{words}: root decodes")
            check(users.get("pktladder-files", "0") == "0", f"{words}: root's files are not his: {users}")
            check(users.get("pktladder-conv", str(NOBODY)) == str(NOBODY), f"{words}: root converts")


HEAD = CAPTURE.read_bytes()[:1000]
FILES, BOTH = ["pktladder-files"], ["pktladder-files", "pktladder-conv"]
out = work_folder()
for user in ([False, True] if ROOT else [False]):
    look("list", "-", feed=HEAD, brokers=[], user=user)
    look("replay", "--text", "-", feed=HEAD, brokers=[], user=user)
    look("replay", "-", "-w", out / f"copy-{user}.pcapng", feed=HEAD, brokers=FILES, user=user)
    look("figure", "-", "-o", out / "a.svg", feed=HEAD, brokers=FILES, user=user)
    look("figure", "-", "-o", out / "a.pdf", feed=HEAD, brokers=BOTH, user=user)
    look("replay", CAPTURE, screen=True, brokers=BOTH, user=user)
    look("demo", "tcp", "--step", screen=True, brokers=BOTH, user=user)
    look("run", "--text", "-w", out / f"run-{user}.pcapng", "--", "sleep", "30", brokers=FILES, user=user)
if ROOT:
    look("live", "-i", "lo", screen=True, brokers=BOTH)
    look("live", "-i", "lo", "--text", "udp port 9", brokers=[])

# What is compressed comes from a process that is confined as well.
with started("replay", "--text", "-", feed=subprocess.run(["gzip", "-c", CAPTURE], capture_output=True,
                                                          check=True).stdout[:300]) as pid:
    wait_for(lambda: confined(pid) and len(children(pid)) == 1, "decompressing")
    child = children(pid)[0]
    wait_for(lambda: confined(child), "the process that decompresses")
    if ROOT:  # nobody else may look
        check(sorted(os.listdir(f"/proc/{child}/fd")) == ["0", "1"], os.listdir(f"/proc/{child}/fd"))

# Root's own capture, closed to others, is read by nobody, and what is made of it is root's.
if ROOT:
    closed = out / "closed.pcapng"
    closed.write_bytes(CAPTURE.read_bytes())
    closed.chmod(0o600)
    os.chown(closed, 0, 0)
    for words, made in ((["figure", closed, "-o", out / "root.svg"], "root.svg"),
                        (["figure", closed, "-o", out / "root.pdf"], "root.pdf"),
                        (["replay", closed, "-w", out / "root.pcapng"], "root.pcapng")):
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, timeout=60)
        check(done.returncode == 0, f"{words}: {done}")
        check((out / made).stat().st_uid == 0, f"{made} is not root's")

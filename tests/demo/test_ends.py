#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""When `pktladder run` starts programs, how it ends them and what it says then, on which side and
lane their calls stand, which calls are hidden, and that nothing is left behind, also after kill -9.

  test_ends.py PKTLADDER
"""
import os
import random
import re
import signal
import subprocess
import sys
import time

from common import Ladder, check, need, ordinary_user, run, work_folder

PROGRAM = sys.argv[1]
need("gcc", "python3")
folder = work_folder()
SOURCE = r"""
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static struct sockaddr_in at(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}
static int serve(int port)
{
	int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in a = at(port);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(s, (void *)&a, sizeof a) || listen(s, 5))
		exit(3);
	return s;
}
static int dial(int port)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in a = at(port);
	if (connect(s, (void *)&a, sizeof a))
		exit(4);
	return s;
}
static void answer(int c, int ask)
{
	char b[100];
	int n = recv(c, b, sizeof b, 0);
	if (ask) {
		int d = dial(ask);
		send(d, b, n, 0);
		n = recv(d, b, sizeof b, 0);
		close(d);
	}
	send(c, b, n, 0);
	close(c);
}
static void nothing(int n) { (void)n; }
int main(int argc, char **argv)
{
	const char *what = argv[1];
	char b[100];
	int l, c;
	if (!strcmp(what, "two")) { /* its second port comes after a pause that looks like its end */
		l = serve(7100);
		usleep(400000);
		l = serve(7101);
		answer(accept(l, NULL, NULL), 0);
	} else if (!strcmp(what, "forever")) {
		l = serve(7100);
		for (;;)
			answer(accept(l, NULL, NULL), 0);
	} else if (!strcmp(what, "proxy")) {
		l = serve(7200);
		for (;;)
			answer(accept(l, NULL, NULL), 7100);
	} else if (!strcmp(what, "once")) {
		l = serve(7100);
		answer(accept(l, NULL, NULL), 0);
	} else if (!strcmp(what, "idle")) { /* a wait in vain, twice */
		l = serve(7100);
		struct pollfd f = { l, POLLIN, 0 };
		while (poll(&f, 1, 300) == 0)
			;
		answer(accept(l, NULL, NULL), 0);
	} else if (!strcmp(what, "slow")) { /* takes 1 s to stop, and only by SIGTERM */
		struct sigaction s = { .sa_handler = nothing };
		signal(SIGINT, SIG_IGN);
		sigaction(SIGTERM, &s, NULL);
		l = serve(7100);
		answer(accept(l, NULL, NULL), 0);
		accept(l, NULL, NULL);
		sleep(1);
		puts("stopped well");
	} else { /* client PORT STATUS [background] */
		c = dial(atoi(argv[2]));
		send(c, "hello", 5, 0);
		recv(c, b, sizeof b, 0);
		close(c);
		if (argc > 4 && fork() == 0) {
			setsid();
			sleep(100);
		}
		return atoi(argv[3]);
	}
	return 0;
}
"""
(folder / "peer.c").write_text(SOURCE)
PEER = folder / "peer"
subprocess.run(["gcc", "-w", "-o", PEER, folder / "peer.c"], check=True)
PEER.chmod(0o755)
folder.chmod(0o755)


def programs(*commands, options=(), **more):
    words = [word for command in commands for word in ("--and", *command)][1:]
    started = time.monotonic()
    done = run(PROGRAM, "run", "--text", "--width", 200, *options, "--", *words, check=False, **more)
    done.took = time.monotonic() - started
    done.text, done.said = done.stdout.decode(), done.stderr.decode()
    print(" + ".join(" ".join(map(str, command)) for command in commands), *options, done.returncode,
          f"{done.took:.1f} s", done.said, sep="\n    ")
    return done


def client(port=7100, status=0, *more):
    return (PEER, "client", port, status, *more)


# The start: the first port is not yet the client's, which --port names.
done = programs((PEER, "two"), client(7101))
check(done.returncode == 4, "the client was not refused: two ports are no test of --port")
done = programs((PEER, "two"), client(7101), options=("--port", 7101))
check(done.returncode == 0 and "ECONNREFUSED" not in done.text, done.text)
done = programs((PEER, "forever"), client(), options=("--port", 7777, "--wait", 1))
check(done.returncode == 125 and "7777" in done.said, done.said)
# With each call held, everything that a server does at its start stands above the client's first.
done = programs((PEER, "forever"), client(), options=("--pace", 150))
ladder = Ladder(done.text)
calls = [what for what in ladder.sequence if what[0] in ("client", "server")]
check(calls[:4] == [("server", call) for call in ("socket", "bind", "listen", "accept")], calls)
check("setsockopt" in done.text, "set-up calls are not there on two lanes")

# The end: the client's own process, its status, and nobody is blamed for our signals.
for status in (0, 7):
    done = programs((PEER, "forever"), client(status=status))
    check(done.returncode == status and "SIGINT to what still runs: peer" in done.said, done.said)
    check("the server" not in done.said and "still run:" not in done.said, done.said)
done = programs(("sh", "-c", "exit 9"), client())
check(done.returncode == 125, "a server that only ends is no failure of ours")
done = programs((PEER, "once"), ("sh", "-c", f"{PEER} client 7100 0; kill -9 $$"))
check(done.returncode == 128 + signal.SIGKILL and "the client was killed by signal 9" in done.said, done.said)
done = programs((PEER, "once"), ("sh", "-c", f"{PEER} client 7100 0; sleep 2; echo my result"))
check(done.returncode == 0 and "client: my result" in done.said and "SIG" not in done.said, done.said)
done = programs((PEER, "forever"), client(7100, 0, "background"), options=("--linger", 1))
check(done.returncode == 0 and done.said.count("SIGINT") == 1 and "still run: peer" in done.said, done.said)
# It works on after its client: it has the time that it is given, or not.
for linger, made in ((1, False), (4, True)):
    result = folder / f"result-{linger}"
    done = programs(("sh", "-c", f"{PEER} once; sleep 2; echo > {result}"), client(), options=("--linger", linger))
    check(done.returncode == 0 and result.exists() == made and ("SIGINT" in done.said) != made, done.said)
done = programs((PEER, "slow"), client(), options=("--linger", 2))
check("server: stopped well" in done.said and "SIGTERM" in done.said and "SIGKILL" not in done.said and
      done.returncode == 0 and "killed" not in done.said, done.said)

# More than two programs: a lane each, in their order; each one's calls are on its own.
recording = folder / "three.pcapng"
done = programs((PEER, "forever"), (PEER, "proxy"), client(7200, 5), options=("-w", recording))
head, lines = done.text.splitlines()[0], done.text.splitlines()
check(done.returncode == 5 and re.search("1: peer +2: peer +3: peer", head), head)
lanes = [column for column, letter in enumerate(lines[2]) if letter == "│"]
check(len(lanes) == 3, lines[2])
for call, least, most in (("bind(3, 127.0.0.1:7100)", 0, lanes[0]), ("bind(3, 127.0.0.1:7200)", lanes[0], lanes[2])):
    line = next(line for line in lines if call in line)
    check(least <= line.index(call) <= most, line)
labels = [line for line in lines if "SYN seq=0" in line]
check("◄" in labels[0] and labels[0].index("◄") == lanes[1] + 1 and labels[0].index("┤") == lanes[2], labels[0])
check("◄" in labels[1] and labels[1].index("◄") == lanes[0] + 1, labels[1])
check("setsockopt" not in done.text, "set-up calls are there on three lanes")
again = run(PROGRAM, "replay", recording, "--text", "--width", 200).stdout.decode()
check(again == done.text, "the replay differs from what was live")
again = run(PROGRAM, "replay", recording, "--text", "--width", 200, "--calls", "all").stdout.decode()
check("setsockopt" in again, "--calls all hides some")
again = run(PROGRAM, "replay", recording, "--text", "--width", 200, "--calls", "none").stdout.decode()
check("(" not in re.sub(r"\[.*", "", again) and "SYN" in again, "--calls none shows some")

figure = run(PROGRAM, "figure", recording, "--format", "mermaid").stdout.decode()
check(re.findall("participant L[0-9] as (.*)", figure) == ["peer"] * 3, figure)

# A wait in vain: two rows, or part of one bar.
done = programs((PEER, "idle"), ("sh", "-c", f"sleep 1; {PEER} client 7100 0"), options=("--calls", "all"))
check(done.text.count("= 0 ready") >= 2, done.text)
done = programs((PEER, "idle"), ("sh", "-c", f"sleep 1; {PEER} client 7100 0"), options=("--calls", "data"))
check("= 0 ready" not in done.text and done.text.count("poll(") == 1, done.text)

# A UDP server that asks another process of its own: on the left what it asks, on the right its answer.
script = folder / "forward.py"
script.write_text("""
import os, socket
def bound(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", port))
    return s
s = bound(7301)
u = bound(7302)
if os.fork() == 0:
    s.close()
    d, a = u.recvfrom(100); u.sendto(b"answer", a); os._exit(0)
u.close()
d, a = s.recvfrom(100)
q = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
q.sendto(d, ("127.0.0.1", 7302)); s.sendto(q.recv(100), a)
""")
ask = ("python3", "-c", "import socket; c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
       "c.sendto(b'ask', ('127.0.0.1', 7301)); print(c.recv(100))")
done = programs(("python3", script), ask)
check("client: b'answer'" in done.said, done.said)
rows = [re.split("[│┝┥►◄├┤]+", line) for line in done.text.splitlines() if "sendto(" in line]
sides = [("client" if "sendto(" in row[0] else "server") for row in rows]
check(sides == ["client", "client", "server", "server"], done.text)
check("[2] sendto(" in done.text, "the second process is not told")

if ordinary_user():  # and as root, who traces whatever he wants
    done = programs((PEER, "forever"), (PEER, "proxy"), client(7200, 5), user=False)
    check(done.returncode == 5 and "SIGINT" in done.said and "SIGTERM" not in done.said, done.said)

# `| head` has seen enough: no word, and no failure.
words = [PROGRAM, "run", "--text", "--", str(PEER), "forever", "--and", "sh", "-c",
         f"while {PEER} client 7100 0; do :; done"]
with subprocess.Popen(ordinary_user() + words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as busy:
    busy.stdout.readline()
    busy.stdout.close()
    said = busy.stderr.read().decode()
    check(busy.wait(20) == 0 and said == "", f"{busy.returncode}: {said}")

# Nothing is left behind, whenever pktladder is killed.
mark = f"7{os.getpid()}"  # an argument of all programs of this test


def left():
    return subprocess.run(["pgrep", "-af", mark], capture_output=True, text=True, check=False).stdout


random.seed(15)
for turn in range(25):
    words = [PROGRAM, "run", "--text", "-w", str(folder / "killed.pcapng"), "--", str(PEER), "forever", mark,
             "--and", "sh", "-c", f"while {PEER} client 7100 0; do :; done; exit {mark}"]
    with subprocess.Popen(ordinary_user() + words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as busy:
        time.sleep(random.random() * 0.3)
        busy.send_signal(signal.SIGKILL)
deadline = time.monotonic() + 10
while left() and time.monotonic() < deadline:
    time.sleep(0.05)
check(not left(), f"outlives the kill: {left()}")
check(set(os.listdir(folder)) <= {"peer.c", "peer", "result-4", "three.pcapng", "forward.py", "killed.pcapng"},
      os.listdir(folder))
print("ends: all as said")

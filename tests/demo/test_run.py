#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`pktladder run` with programs of others: python3's http.server and curl, a
threaded server, a forking one, a statically linked program; all as an ordinary
user. And recordings that were cut off by kill -9.

  test_run.py PKTLADDER
"""
import os
import re
import signal
import subprocess
import sys
import time

from common import Ladder, check, need, ordinary_user, run, work_folder

PROGRAM = sys.argv[1]
STATIC = r"""
#include <arpa/inet.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(7777) };
	char b[16];
	int s = socket(AF_INET, SOCK_STREAM, 0);
	inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
	if (connect(s, (struct sockaddr *)&a, sizeof a) || write(s, "hello", 5) != 5 || read(s, b, 16) != 5)
		return 1;
	close(s);
	return 0;
}
"""
THREADED = """
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(self.request.recv(100))
class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
Server(("127.0.0.1", 7777), Echo).serve_forever()
"""
FORKING = THREADED.replace("ThreadingMixIn", "ForkingMixIn")


def ladder_of(*arguments, **more):
    text = run(PROGRAM, "run", "--text", "--width", 160, *arguments, **more).stdout.decode()
    print(text)
    return Ladder(text), text


def handshake_and_close(ladder):
    labels = [re.sub(r"^#\d+ ", "", label) for _, label in ladder.arrows()]
    for wanted in ("SYN seq=0", "SYN-ACK seq=0 ack=1", "ACK ack=1"):
        check(wanted in labels, f"no {wanted} in {labels}")
    check(any(label.startswith("FIN") for label in labels), f"no FIN in {labels}")
    check(not any("retransmission" in label for label in labels), labels)


need("python3", "curl", "gcc")
folder = work_folder()

ladder, text = ladder_of("--", "python3", "-m", "http.server", "8000", "--bind", "127.0.0.1",
                         "--directory", str(folder), "--and", "curl", "-sS", "-o", "/dev/null",
                         "http://127.0.0.1:8000/")
handshake_and_close(ladder)
for side, call in (("server", "listen"), ("server", "accept4"), ("client", "connect")):
    check(call in ladder.calls(side), f"no {call} of the {side}: {ladder.calls(side)}")
data = [d for d, label in ladder.arrows() if label.startswith("data") or " B " in label]
check(data and data[0] == ">" and "<" in data, f"data went {data}")

source, binary = folder / "static.c", folder / "static"
source.write_text(STATIC)
subprocess.run(["gcc", "-static", "-o", binary, source], check=True)
os.chmod(binary, 0o755)
for name, server in (("threaded", THREADED), ("forking", FORKING)):
    script = folder / f"{name}.py"
    script.write_text(server)
    os.chmod(script, 0o644)
    recording = folder / f"{name}.pcapng"
    ladder, text = ladder_of("-w", recording, "--", "python3", str(script), "--and", str(binary))
    handshake_and_close(ladder)
    check("connect" in ladder.calls("client") and "write" in ladder.calls("client"),
          f"the static program's calls: {ladder.calls('client')}")
    check("ESTABLISHED" in text and "LISTEN" in text, "states are missing")
    again = run(PROGRAM, "replay", recording, "--text", "--width", 160).stdout.decode()
    check(again == text, f"{name}: the replay differs from what was live")

# A recording that was killed half-way still opens, here and elsewhere.
recording = folder / "killed.pcapng"
count = str(100000 + os.getpid() % 100000)  # to be told apart from another run of this test
busy = subprocess.Popen(ordinary_user() + [PROGRAM, "demo", "tcp", "--text", "--count", count,
                                           "-w", str(recording)], stdout=subprocess.DEVNULL)
deadline = time.monotonic() + 30
while time.monotonic() < deadline and (not recording.exists() or recording.stat().st_size < 150000):
    time.sleep(0.02)
busy.send_signal(signal.SIGKILL)
busy.wait()
size = recording.stat().st_size
check(size >= 150000, f"only {size} bytes were written before the kill")
text = run(PROGRAM, "replay", recording, "--text").stdout.decode()
check(text.count("data") > 100 and "accept" in text, "the killed recording lost its content")
for tool in (["tcpdump", "-nr", recording], ["tshark", "-r", recording]):
    done = subprocess.run(tool, capture_output=True, text=True)
    check(done.stdout.count("\n") > 200, f"{tool[0]} reads {done.stdout.count(chr(10))} packets: {done.stderr}")
time.sleep(0.5)
left = subprocess.run(["pgrep", "-f", f"pktladder demo tcp --text --count {count}"], capture_output=True, text=True)
check(left.stdout == "", f"programs outlive the kill: {left.stdout}")
print("run: all well")

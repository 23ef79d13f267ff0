#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where a machine forbids the private network: the host's lo with a port
filter, else the saved capture; each time the user is told which it is, why,
and how to get the better one.

  test_fallback.py PKTLADDER FORBID
"""
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from common import SOURCE, Ladder, check, ordinary_user, own_network, run, skip_part, work_folder

PROGRAM, FORBID = map(os.path.abspath, sys.argv[1:3])
own_network()


def forbidden(what, *words, user=True, **more):
    return run(FORBID, what, PROGRAM, *words, user=user, **more)


# An ordinary user without namespaces and without rights on lo: the saved capture.
for scenario in ("tcp", "udp"):
    done = forbidden("namespaces", "demo", scenario, "--text", "--width", 80)
    notice = done.stderr.decode()
    if ordinary_user():
        check("saved capture" in notice and "doctor" in notice, notice)
        golden = (SOURCE / "tests" / "golden" / f"{scenario}-80.txt").read_text()
        check(done.stdout.decode() == golden, "another ladder than the saved capture's")
done = forbidden("namespaces", "doctor", check=False)
check(done.returncode == 1 or not ordinary_user(), "doctor finds nothing wrong")
done = forbidden("namespaces", "run", "--", "true", check=False)
if ordinary_user():
    check(done.returncode == 125 and "doctor" in done.stderr.decode(), done.stderr.decode())

# No tracing: the saved capture, and tracing is named as the reason.
# (LeakSanitizer traces, too.)
done = forbidden("tracing", "demo", "tcp", "--text", "--width", 80, env={"ASAN_OPTIONS": "detect_leaks=0"})
check("saved capture" in done.stderr.decode() and "trac" in done.stderr.decode(), done.stderr.decode())

if os.geteuid() != 0:
    skip_part("not root: the host's own lo cannot be tried")
    sys.exit()

# Rights on the host's lo: a real demo there, with its own ports only, though
# its usual port is taken and somebody else talks on lo.
taken = socket.socket()
taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
taken.bind(("127.0.0.1", 5000))
noise = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
other.bind(("127.0.0.1", 0))
going = True


def talk():
    while going:
        noise.sendto(b"noise", other.getsockname())
        time.sleep(0.001)


folder = work_folder()
folder.chmod(0o777)  # what root runs becomes nobody
thread = threading.Thread(target=talk)
thread.start()
try:
    recording = folder / "host.pcapng"
    done = forbidden("namespaces", "demo", "tcp", "--text", "--width", 200, "-w", recording, user=False)
finally:
    going = False
    thread.join()
text, notice = done.stdout.decode(), done.stderr.decode()
print(notice, text, sep="\n")
check("lo" in notice and "private network" in notice, notice)
ladder = Ladder(text)
check("127.0.0.1:5001" in text and "datagram" not in text, "not its own ports only")
check(ladder.calls("server") == ["socket", "bind", "listen", "accept", "recv", "send", "recv", "close"], text)
check([label for _, label in ladder.arrows()][:3] == ["SYN seq=0", "SYN-ACK seq=0 ack=1", "ACK ack=1"], text)
again = run(PROGRAM, "replay", recording, "--text", "--width", 200, user=False).stdout.decode()
check(again == text, "the replay differs from what was live")

# `run` too: the port is learnt from the program's bind().
done = forbidden("namespaces", "run", "--text", "--width", 160, "--", "python3", "-c",
                 "import socket; s=socket.socket(); s.bind(('127.0.0.1',0)); "
                 "open('port','w').write(str(s.getsockname()[1])); s.listen(); c,_=s.accept(); c.recv(9); c.close()",
                 "--and", "python3", "-c",
                 "import socket; c=socket.create_connection(('127.0.0.1',int(open('port').read()))); "
                 "c.send(b'hi'); c.close()", user=False, cwd=folder)
text = done.stdout.decode()
check("SYN seq=0" in text and "data 2 B" in text and "FIN-ACK" in text, text)

# A program that talks to itself, while pktladder hardly gets any time: no call goes on before
# the filter has its port.
program = subprocess.Popen([FORBID, "namespaces", PROGRAM, "run", "--text", "--width", "160", "--", "python3", "-c",
                            "import socket; s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(); "
                            "c=socket.create_connection(s.getsockname()); p,_=s.accept(); c.send(b'hi'); "
                            "p.recv(9); c.close(); p.close()"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env={**os.environ, "LC_ALL": "C.UTF-8"})
program.stderr.readline()  # it is about to start
for _ in range(40):
    program.send_signal(signal.SIGSTOP)
    time.sleep(0.03)
    program.send_signal(signal.SIGCONT)
    time.sleep(0.003)
text = program.communicate()[0].decode()
check("SYN seq=0" in text and "data 2 B" in text and "FIN-ACK" in text, text)

# File rights alone are enough (setcap), and they are given up.
if ordinary_user():
    copy = folder / "pktladder"
    subprocess.run(["cp", PROGRAM, copy], check=True)
    if subprocess.run(["setcap", "cap_net_raw+ep", copy]).returncode == 0:
        words = ordinary_user()
        words.remove("--no-new-privs")
        program = subprocess.Popen(words + [copy, "live", "-i", "lo", "-c", "2", "udp port 9997"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = program.stderr.readline().decode()
        check("listening on lo" in line, line)
        status = open(f"/proc/{program.pid}/status").read()
        held = [l for l in status.splitlines() if l.startswith(("CapEff", "CapPrm"))]
        check(all(int(l.split()[1], 16) == 0 for l in held), f"rights were kept: {held}")
        for _ in range(2):
            noise.sendto(b"x", ("127.0.0.1", 9997))
        text = program.communicate(timeout=60)[0].decode()
        check(text.count("datagram 1 B") == 2, text)
    else:
        skip_part("no setcap here, or no file capabilities")
print("fallbacks: all told, all real")

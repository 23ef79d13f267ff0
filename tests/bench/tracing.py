#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What tracing costs: real pairs of programs untraced, under strace and under pktladder, in turn, each
in a private network; and whether a bulk transfer loses packets to the capture that tcpdump, in the
same network at the same time, does not.

  tracing.py PKTLADDER [ROUNDS] [PAIR...]

Prints medians and ratios, which say more than the rates on a machine that does other things, too.
The tracers' CPU time for a request says most of all there. Needs root for `bulk` alone.
"""
import contextlib
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = os.path.abspath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
STRACE = ("strace -f -qq --seccomp-bpf -o /dev/null "
          "-e trace=network,read,write,close,epoll_wait,poll,select").split()
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="pktladder-bench-"))
NGINX = FOLDER / "nginx.conf"
NGINX.write_text(f"""daemon off; master_process off; pid {FOLDER}/pid; error_log /dev/null;
user root root; events {{ }}
http {{ access_log off; client_body_temp_path {FOLDER}/b; proxy_temp_path {FOLDER}/p; fastcgi_temp_path {FOLDER}/f;
uwsgi_temp_path {FOLDER}/u; scgi_temp_path {FOLDER}/s;
server {{ listen 127.0.0.1:6480; location / {{ return 200 "hello"; }} }} }}
""")
REDIS = ["redis-server", "--save", "", "--port", "6400"]
WEB = ["nginx", "-c", str(NGINX)]
# Name: server, client (n requests), what its output says of requests a second, requests.
PAIRS = {
    "redis -c 1": (REDIS, "redis-benchmark -p 6400 -c 1 -n {n} -t set --csv", r'"SET","([\d.]+)"', 3000),
    "redis -c 50": (REDIS, "redis-benchmark -p 6400 -c 50 -n {n} -t set --csv", r'"SET","([\d.]+)"', 6000),
    "ab -c 1": (WEB, "ab -q -c 1 -n {n} http://127.0.0.1:6480/", r"Requests per second: +([\d.]+)", 1000),
    "ab -c 50": (WEB, "ab -q -c 50 -n {n} http://127.0.0.1:6480/", r"Requests per second: +([\d.]+)", 2000),
}


def tracer_seconds(pid):
    """The CPU time of what traces among the process's descendants, the process first."""
    seconds, pids = 0, [pid]
    for descendant in pids:
        with contextlib.suppress(OSError, ValueError):
            folder = pathlib.Path(f"/proc/{descendant}")
            pids += map(int, (folder / f"task/{descendant}/children").read_text().split())
            name, _, rest = (folder / "stat").read_text().rpartition(")")
            if name.partition("(")[2] in ("strace", "pktladder-trace"):
                seconds += sum(map(int, rest.split()[11:13])) / os.sysconf("SC_CLK_TCK")
    return seconds


def watch(words):
    """Runs it, and returns the CPU time of what traces in it."""
    used = 0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            used = max(used, tracer_seconds(process.pid))
            time.sleep(0.02)
    return used


def run_pktladder(server, client):
    return watch([PROGRAM, "run", "--text", "--width", "100", "--", *server, "--and", "sh", "-c", client])


def run_alone(server, client, strace):
    script = 'ip link set lo up; "$@" > /dev/null 2>&1 & sleep 0.7; ' + client + '; kill -KILL $!'
    words = ["sh", "-c", script, "sh", *server]
    if strace:
        words = [*STRACE, *words]
    return watch(["unshare", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", *words])


def rate(pair, mode):
    server, client, pattern, n = PAIRS[pair]
    output = FOLDER / "output"
    line = client.format(n=n * 10 if mode == "untraced" else n) + f" > {output} 2>&1"
    used = run_pktladder(server, line) if mode == "pktladder" else run_alone(server, line, mode == "strace")
    found = re.search(pattern, output.read_text())
    if not found:
        sys.exit(f"{pair}, {mode}: {output.read_text()}")
    return float(found[1]), used / n


def measure(pair):
    rates = {mode: [] for mode in ("untraced", "strace", "pktladder")}
    used = {mode: [] for mode in rates}
    for _ in range(ROUNDS):
        for mode, values in rates.items():
            value, seconds = rate(pair, mode)
            values.append(value)
            used[mode].append(seconds)
    median = {mode: statistics.median(values) for mode, values in rates.items()}
    cpu = {mode: statistics.median(values) * 1e6 for mode, values in used.items()}
    print(f"{pair:12} {median['untraced']:9.0f} {median['strace']:9.0f} {median['pktladder']:9.0f}/s   of strace's "
          f"rate {median['pktladder'] / median['strace']:5.2f}   slower than untraced "
          f"{median['untraced'] / median['pktladder']:5.1f}   "
          f"the tracer's CPU time a request: strace {cpu['strace']:4.0f} us, pktladder {cpu['pktladder']:4.0f} us",
          flush=True)


def bulk(size="64M"):
    """The capture beside tcpdump's, both in the programs' network."""
    port, told = 6490, FOLDER / "tcpdump"
    script = f"sleep 1; head -c {size} /dev/zero | nc -N 127.0.0.1 {port}"
    with subprocess.Popen([PROGRAM, "run", "-w", FOLDER / "bulk", "--text", "--", "nc", "-l", "127.0.0.1", str(port),
                           "--and", "sh", "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        with told.open("w") as log:
            def capture():
                time.sleep(0.6)
                server = subprocess.run(["pgrep", "-n", "-x", "nc"], capture_output=True, text=True, check=False)
                subprocess.run(["nsenter", "-t", server.stdout.strip(), "-n", "timeout", "-s", "INT", "40", "tcpdump",
                                "-i", "lo", "-w", "/dev/null"], stderr=log, check=False)
            thread = threading.Thread(target=capture)
            thread.start()
            error = process.stderr.read().decode()
        subprocess.run(["pkill", "-INT", "-P", str(os.getpid()), "-x", "timeout"], check=False)
        thread.join()
    lost = re.search(r"(\d+) packets? (?:was|were) lost", error)
    report = told.read_text()
    print(f"bulk {size}: lost by pktladder {lost[1] if lost else 0}; tcpdump: "
          f"{', '.join(re.findall(r'[0-9]+ packets [a-z ]+', report))}")


try:
    wanted = sys.argv[3:] or [*PAIRS, "bulk"]
    for name in wanted:
        if name == "bulk":
            bulk()
        elif shutil.which(PAIRS[name][0][0]) and shutil.which(PAIRS[name][1].split()[0]) and shutil.which("strace"):
            measure(name)
        else:
            print(f"{name}: skipped, since its programs or strace are not installed")
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two hosts behind a bridge, each packet captured at both ports of it by `live -i any`: what is
said of it is what one port alone shows, and the copies stand apart. As root: namespaces, a bridge.

  test_twice.py PKTLADDER
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from common import check, need, own_network, run, skip, work_folder

PROGRAM = sys.argv[1]
SERVER = """
import socket, threading
tcp = socket.create_server(("10.9.0.2", 7000))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("10.9.0.2", 7001))
def echo():
    while True:
        data, who = udp.recvfrom(65536)
        udp.sendto(data, who)
threading.Thread(target=echo, daemon=True).start()
print("ready", flush=True)
while True:
    connection, _ = tcp.accept()
    while connection.recv(65536):
        connection.sendall(b"x" * 20000)
    connection.close()
"""
CLIENT = """
import socket
for size in (10, 3000, 1, 60000):
    connection = socket.create_connection(("10.9.0.2", 7000))
    connection.sendall(b"y" * size)
    got = 0
    while got < 20000:
        got += len(connection.recv(65536))
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(65536):
        pass
    connection.close()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for size in (9, 9, 4000, 700):
    udp.sendto(b"z" * size, ("10.9.0.2", 7001))
    udp.recv(65536)
"""


def ip(*words, host=None):
    enter = ["nsenter", "-t", str(host.pid), "-n"] if host else []
    subprocess.run([*enter, "ip", *words], check=True)


def host_begin():
    """A network namespace, as long as its process is there."""
    host = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec sleep 600"], stdout=subprocess.PIPE)
    host.stdout.readline()
    return host


def bridge(hosts):
    ip("link", "add", "br0", "type", "bridge")
    ip("link", "set", "br0", "up")
    for number, host in enumerate(hosts, 1):
        ip("link", "add", f"port{number}", "type", "veth", "peer", "name", f"end{number}")
        ip("link", "set", f"end{number}", "netns", str(host.pid))
        ip("link", "set", f"port{number}", "master", "br0", "up")
        ip("link", "set", "lo", "up", host=host)
        ip("addr", "add", f"10.9.0.{number}/24", "dev", f"end{number}", host=host)
        ip("link", "set", f"end{number}", "up", host=host)


def sniff(interface, path):
    """Records until it is ended; waits for it to capture."""
    path.unlink(missing_ok=True)
    already = len(pathlib.Path("/proc/net/packet").read_text().splitlines())
    live = subprocess.Popen([PROGRAM, "live", "-i", interface, "net 10.9.0.0/24 and (tcp or udp)", "--text",
                             "-w", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # its packet socket is in this namespace's list of them
    for _ in range(200):
        time.sleep(0.05)
        if live.poll() is None and path.exists() and \
                len(pathlib.Path("/proc/net/packet").read_text().splitlines()) > already:
            break
    return live


def talk(hosts):
    enter = [["nsenter", "-t", str(host.pid), "-n", sys.executable, "-c"] for host in hosts]
    with subprocess.Popen([*enter[1], SERVER], stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        subprocess.run([*enter[0], CLIENT], check=True, timeout=60)
        server.kill()


def record(folder, hosts):
    lives = [sniff("any", folder / "both.pcapng"), sniff("port1", folder / "one.pcapng")]
    talk(hosts)
    time.sleep(0.5)
    told = []
    for live in lives:
        live.send_signal(signal.SIGINT)
        told.append(b"".join(live.communicate(timeout=30)))
    check(b"captured more than once" in told[0], "live says that there are copies")
    check(b"captured more than once" not in told[1], "of one port there are none")


def listed(path, *words):
    return json.loads(run(PROGRAM, "list", path, *words, "--format", "json", user=False).stdout)


def labels(path, *words):
    """What is drawn of each packet but its frame's number and time, by conversation."""
    figure = json.loads(run(PROGRAM, "figure", path, "--format", "json", *words, user=False).stdout)
    found = {}
    for row in figure["rows"]:
        if "packet" in row:
            kept = [row["label"], row["packet"].get("plain"), row["from"]]
            found.setdefault(row.get("conversation"), []).append(kept)
    return found


def compare(folder):
    both, one = folder / "both.pcapng", folder / "one.pcapng"
    table, alone = listed(both), listed(one)
    check(len(table) == len(alone) == 5, f"{len(table)} and {len(alone)} conversations, not 5")
    for row, other in zip(table, alone):
        for column in ("packets", "client_packets", "client_bytes", "server_bytes", "state",
                       "retransmissions", "resets", "zero_windows"):
            check(row[column] == other[column], f"{column}: {row[column]} twice, {other[column]} once: {row}")
        check(other["copies"] == 0, f"one port alone: {other}")
    # a fragment of one conversation's packets has a row, and counts
    copies = sum(row["copies"] for row in table)
    packets = sum(row["packets"] for row in table)
    check(copies == packets > 60, f"{copies} copies of {packets} packets")
    check(labels(both, "--no-copies") == labels(one), "without its copies the ladder is that of one port")
    text = run(PROGRAM, "replay", both, "--text", "--width", 200, user=False)
    check(text.stdout.decode().count("same packet twice") == copies, "each copy says so")
    check(f"{copies} packets were captured before".encode() in text.stderr, text.stderr)
    shown = run(PROGRAM, "replay", both, "--text", "--show", "problem and packet", user=False).stdout.decode()
    once = run(PROGRAM, "replay", one, "--text", "--show", "problem and packet", user=False).stdout.decode()
    check(shown.count("►") + shown.count("◄") == once.count("►") + once.count("◄"), f"problems: {shown}")


def main():
    need("ip", "nsenter", "unshare")
    if os.geteuid() != 0:
        skip("only root may make a bridge and network namespaces")
    own_network()
    if "PKTLADDER_TEST_NETWORK" not in os.environ:
        skip("no network namespace can be made here")
    folder = pathlib.Path(work_folder())
    hosts = [host_begin(), host_begin()]
    try:
        try:
            bridge(hosts)
        except subprocess.CalledProcessError as error:
            skip(f"no bridge can be made here: {error}")
        # a machine that is taken away for 100 us between the ports makes two packets of one
        for _ in range(3):
            record(folder, hosts)
            if sum(row["copies"] for row in listed(folder / "both.pcapng")) == \
                    sum(row["packets"] for row in listed(folder / "one.pcapng")):
                break
        compare(folder)
    finally:
        for host in hosts:
            host.kill()
            host.wait()


main()

# SPDX-License-Identifier: MIT
"""A conversation of two kernels with a way between them that takes its time and
loses what it is told to; captured by tcpdump at both ends.

    two_ends.record(FOLDER, delay=0.03, lose=lambda packet, n: ...)

writes client.pcap and server.pcap; `two_ends.py FOLDER` writes those of captures/. Each end is a network namespace with a TUN
interface; what the one sends is handed to the other by this program, so that
no queueing discipline is needed, which not every kernel has.
"""
import fcntl
import heapq
import json
import os
import pathlib
import select
import shutil
import socket
import struct
import subprocess
import sys
import time

ADDRESSES = {"client": "10.99.0.1", "server": "10.99.0.2"}
PORT = 7000
REQUEST = 100  # bytes
# What the server answers, and how much of a packet is captured.
FEW = {"sends": 4, "bytes": 1000, "pause": 0.004, "snap": 262144}
BULK = {"sends": 1, "bytes": 200 * 1448, "pause": 0, "snap": 96}
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000


def missing():
    """What lacks for it, in words; None nothing."""
    for program in ("unshare", "ip", "tcpdump"):
        if not shutil.which(program):
            return f"{program} is not installed"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun is not to be had"
    words = namespace() + ["true"]
    if subprocess.run(words, capture_output=True).returncode != 0:
        return f"{' '.join(words)} is not allowed"
    return None


def namespace():
    """The user stays who he is, with rights in there only: tcpdump would leave a root behind that
    is none outside, and some of its versions end where they cannot."""
    return ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-cn", "--keep-caps"]


# An end, in its namespace.

def end_main(side, folder, talk, answer):
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"way0", IFF_TUN | IFF_NO_PI))
    for words in (["ip", "link", "set", "lo", "up"], ["ip", "addr", "add", ADDRESSES[side] + "/24", "dev", "way0"],
                  ["ip", "link", "set", "way0", "up"]):
        subprocess.run(words, check=True)
    socket.send_fds(talk, [b"tun"], [tun])
    with subprocess.Popen(["tcpdump", *(["-Z", "root"] if os.geteuid() == 0 else []), "-n", "-U",
                           "--immediate-mode", "-s", str(answer["snap"]), "-i", "way0",
                           "-w", f"{folder}/{side}.pcap", "ip"], stderr=subprocess.PIPE) as sniffer:
        if not any(b"listening" in line for line in sniffer.stderr):
            sys.exit("tcpdump does not capture here")
        info = pathlib.Path(folder) if answer.get("info") else None
        if side == "server":
            serve(talk, answer, info)
        else:
            ask(talk, info)
        talk.recv(4)  # until all have been on their way
        time.sleep(0.3)
        sniffer.terminate()


def quiet(connection, folder, side):
    """All is acknowledged, and nothing is on its way any more: what the kernel has counted."""
    while struct.unpack_from("I", connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256), 24)[0] > 0:
        time.sleep(0.05)  # tcpi_unacked
    time.sleep(0.6)
    (folder / f"{side}.part").write_bytes(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256))
    (folder / f"{side}.part").rename(folder / f"{side}.info")
    while not all((folder / f"{end}.info").exists() for end in ADDRESSES):
        time.sleep(0.05)


def serve(talk, answer, info):
    with socket.create_server((ADDRESSES["server"], PORT)) as listening:
        talk.send(b"up")
        connection, _ = listening.accept()
        with connection:
            got = 0
            while got < REQUEST:
                got += len(connection.recv(REQUEST))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(answer["sends"]):
                connection.sendall(b"s" * answer["bytes"])
                time.sleep(answer["pause"])
            if info:
                connection.shutdown(socket.SHUT_WR)
                quiet(connection, info, "server")
    talk.send(b"done")


def ask(talk, info):
    talk.send(b"up")
    talk.recv(4)  # the server listens
    with socket.create_connection((ADDRESSES["server"], PORT)) as connection:
        connection.sendall(b"c" * REQUEST)
        while connection.recv(65536):
            pass
        if info:
            quiet(connection, info, "client")
    talk.send(b"done")


# The way.

class End:
    def __init__(self, side, folder, answer):
        self.side = side
        self.talk, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = subprocess.Popen(
            [*namespace(), sys.executable, __file__, side, str(folder), str(other.fileno()),
             json.dumps(answer)],
            pass_fds=[other.fileno()])
        other.close()
        _, fds, _, _ = socket.recv_fds(self.talk, 16, 1)
        if not fds:
            raise AssertionError(f"the {side}'s end did not come up")
        self.tun = fds[0]
        self.seen = 0

    def close(self):
        self.talk.close()
        os.close(self.tun)
        return self.process.wait(30)


def carry(ends, delay, fate, until):
    """Hands packets over, each `delay` seconds later, until both are done and it is quiet."""
    waiting, done, quiet, n = [], set(), time.monotonic() + until, 0
    while time.monotonic() < quiet:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, to, packet = heapq.heappop(waiting)
            os.write(to.tun, packet)
        wait = max(waiting[0][0] - now, 0) if waiting else 0.05
        ready = select.select([end.tun for end in ends] + [end.talk for end in ends if end not in done], [], [], wait)[0]
        for i, end in enumerate(ends):
            if end.tun in ready:
                packet = os.read(end.tun, 65536)
                if packet[0] >> 4 != 4:
                    continue
                end.seen += 1
                for late in fate(end.side, end.seen, packet):
                    n += 1
                    heapq.heappush(waiting, (time.monotonic() + delay + late, n, ends[1 - i], packet))
            if end.talk in ready and end not in done:
                end.talk.recv(4)
                done.add(end)
                if len(done) == len(ends):
                    quiet = time.monotonic() + 4 * delay + 0.3


def record(folder, delay=0.03, lose=lambda side, number, packet: False, answer=FEW, fate=None):
    """Returns the two captures' paths, the client's first. `lose` is asked of each packet:
    who sent it, the how manieth of that side it is, its bytes. `fate` in its place says how many
    seconds later each copy comes. Where answer["info"] is set, client.info and server.info are the
    kernels' TCP_INFO, from before they close."""
    folder = pathlib.Path(folder)
    ends = [End(side, folder, answer) for side in ("client", "server")]
    for end in reversed(ends):
        assert end.talk.recv(4) == b"up"
    ends[0].talk.send(b"go")
    carry(ends, delay, fate or (lambda *packet: [] if lose(*packet) else [0]), 60 if fate else 30)
    for end in ends:
        end.talk.send(b"end")
    if any(end.process.wait(30) or end.close() for end in ends):
        raise AssertionError("an end failed")
    return folder / "client.pcap", folder / "server.pcap"


def main():
    """The recordings of captures/: a way of 30 ms that loses the first request; one of 10 ms
    that loses two of the segments of a long answer, captured where it is sent."""
    for path in record(sys.argv[1], lose=lambda side, number, packet: side == "client" and number == 3):
        path.rename(path.with_name(f"way-{path.name}"))
    client, server = record(sys.argv[1], 0.01, lambda side, number, packet: side == "server" and number in (60, 62), BULK)
    server.rename(server.with_name("bulk.pcap"))
    client.unlink()


if __name__ == "__main__":
    if len(sys.argv) == 2:
        sys.exit(main())
    end_main(sys.argv[1], sys.argv[2], socket.socket(fileno=int(sys.argv[3])), json.loads(sys.argv[4]))

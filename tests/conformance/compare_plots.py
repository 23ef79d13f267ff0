#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds what the plots are made of against tshark, packet by packet: window,
RTT, bytes in flight, acknowledgement.

    compare_plots.py CONFORMANCE-PLOTS FOLDER STAND-IN

Exit status: 0 all agree, 1 they do not, 77 cannot run here.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
from common import others, tshark_verdicts  # noqa: E402

# Losses, SACK, zero windows, window scaling, a reset, reused ports.
CAPTURES = ["brimcap__oneflow.pcap", "ipfixprobe__ovpn.pcap", "joy__kali-normal-ssh.pcap",
            "mercury__redis.pcap", "mercury__http_rawip.pcap", "pcapFS__feature_test.pcap",
            "suricata-verify__input.pcap", "PCAPdroid__metadata.pcap", "arkime__adb.pcap",
            "tcptrace__urgent.dmp.gz", "tcptrace__fast_reuse.dmp.gz", "libtrace__ip-in-mpls.pcap.gz"]
FIELDS = ["frame.number", "tcp.flags.reset", "tcp.window_size", "tcp.analysis.ack_rtt",
          "tcp.analysis.bytes_in_flight", "tcp.ack", "tcp.flags.ack"]


def plain(path, folder):
    """The capture uncompressed, for libpcap."""
    if path.suffix != ".gz":
        return path
    out = pathlib.Path(folder) / path.stem
    with open(out, "wb") as file:
        subprocess.run(["gzip", "-dc", path], stdout=file, check=True)
    return out


def tshark_values(path, folder):
    """By frame: (window, RTT in ns, bytes in flight, ack), None where there is none."""
    command = ["tshark", "-n", "-r", path, "-Y", "tcp", "-T", "fields", "-E", "occurrence=l",
               "-o", "ip.defragment:FALSE"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env=dict(os.environ, HOME=folder))
    values = {}
    for line in done.stdout.splitlines():
        frame, reset, window, rtt, flight, ack, has_ack = line.split("\t")
        is_reset = reset in ("1", "True")
        values[int(frame)] = (
            int(window) if window and not is_reset else None,
            round(float(rtt) * 1e9) if rtt else None,
            int(flight) if flight else None,
            int(ack) if has_ack in ("1", "True") and not is_reset else None)
    return values


def plot_values(program, verdicts, path):
    """The same from the plots."""
    done = subprocess.run([program, verdicts, path], capture_output=True, text=True, check=True)
    lines = [line.split("\t") for line in done.stdout.splitlines()[1:]]
    return {int(line[0]): tuple(int(text) if text else None for text in line[1:])
            for line in lines}


def main():
    verdicts, _ = tshark_verdicts()
    program, captures = sys.argv[1], others(*map(pathlib.Path, sys.argv[2:4]))
    there = ([captures / name for name in CAPTURES if (captures / name).exists()] or
             [path for path in sorted(captures.iterdir()) if path.name.partition(".")[2].startswith("pcap")])
    compared = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in there:
            file = plain(path, folder)
            wanted, found = tshark_values(file, folder), plot_values(program, verdicts, file)
            for frame in sorted(found):
                if frame not in wanted:
                    continue
                compared += 1
                if found[frame] != wanted[frame]:
                    wrong += 1
                    if wrong < 20:
                        print(f"{path.name} frame {frame}: {found[frame]}, tshark {wanted[frame]} "
                              "(window, RTT, in flight, ack)")
            missing = len(set(wanted) - set(found))
            print(f"{path.name}: {len(found)} packets in plots, {missing} of tshark's in none")
    print(f"{compared} packets compared, {wrong} differ")
    return 1 if wrong or compared < 100 else 0


if __name__ == "__main__":
    sys.exit(main())

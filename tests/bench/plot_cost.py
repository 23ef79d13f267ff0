#!/usr/bin/env python3
"""What a plot costs to paint is bounded, however many packets: instructions, by callgrind.

    plot_cost.py BENCH-PLOT

Exit status: 0, 1 where it costs more, 77 without valgrind."""
import re
import shutil
import subprocess
import sys
import tempfile

FEW, MANY = 5000, 300000
# The pyramid of spans has more levels to open at the columns' edges, up to its
# 32768 spans (measured: 1.48); past those nothing grows.
MOST = 1.6


def instructions(program, packets):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind", "--toggle-collect=plot_screen_paint",
                               f"--callgrind-out-file={folder}/out", program, str(packets)],
                              check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def main():
    if not shutil.which("valgrind"):
        print("SKIPPED: there is no valgrind here, so that no cost was counted", file=sys.stderr)
        return 77
    few, many = (instructions(sys.argv[1], packets) for packets in (FEW, MANY))
    print(f"{few} instructions at {FEW} packets, {many} at {MANY}: {many / few:.3f} times")
    return 0 if few > 100000 and many < MOST * few else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a plot costs to paint is bounded, however many packets: instructions, by callgrind.

    plot_cost.py BENCH-PLOT

Exit status: 0, 1 where it costs more, 77 without valgrind."""
import re
import shutil
import subprocess
import sys
import tempfile

FEW, MANY = 5000, 300000
# Of a graph that is made anew (measured: 1.095; libc's instructions differ by processor), and of
# a frame in which only the cursor moves.
MOST_ANEW, MOST = 1.15, 1.1


def instructions(program, packets, frames):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind", "--toggle-collect=plot_screen_paint",
                               f"--callgrind-out-file={folder}/out", program, str(packets),
                               str(frames)], check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def compare(what, few, many, most):
    print(f"{what}: {few} instructions at {FEW} packets, {many} at {MANY}: {many / few:.3f} times, "
          f"at most {most}")
    return few > 100000 and many < most * few


def main():
    if not shutil.which("valgrind"):
        print("SKIPPED: there is no valgrind here, so that no cost was counted", file=sys.stderr)
        return 77
    first, both = ([instructions(sys.argv[1], packets, frames) for packets in (FEW, MANY)]
                   for frames in (1, 2))
    met = [compare("graph made anew", *first, MOST_ANEW),
           compare("the cursor moves", *(b - a for a, b in zip(first, both)), MOST)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())

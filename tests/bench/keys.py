#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Key to painted frame: the instructions at 5 million packets against those at 5
thousand, in every view; opening a conversation of a million packets against one
of a thousand; and the longest slice of what takes long.

    keys.py BENCH-KEYS FOLDER SMALL LARGE THOUSAND MILLION ONE-SMALL ONE-LARGE

SMALL and LARGE have 5 thousand and 5 million packets in many conversations, ONE-SMALL
and ONE-LARGE in a single one, which the plots show.
Runs bench-keys as it is, for times, and under callgrind, for instructions, whose
dumps go to FOLDER. Exit status 1: a target is missed; 77: there is no valgrind."""
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MOST = 1.10          # issue 4, "Speed"
FRAME_US = 16667   # of processor time

if not shutil.which("valgrind"):
    print("valgrind is not installed: instructions cannot be counted.")
    sys.exit(77)
program, folder, *captures = sys.argv[1:]
failed = []

def judge(met, text):
    print(f"{text}: {'met' if met else 'MISSED'}")
    if not met:
        failed.append(text)

# Time
lines = subprocess.run([program, *captures], stdout=subprocess.PIPE, text=True, check=True).stdout
times = {words[0]: [int(word) for word in words[1:]]
         for words in (line.split("\t") for line in lines.splitlines())}
print("longest slice (ms), slices, all of them (ms):")
for label, (longest, n, whole) in ((k, v) for k, v in times.items() if k.startswith("slice/")):
    judge(longest < FRAME_US, f"  {label[6:]:40} {longest / 1e3:7.2f} {n:8} {whole / 1e3:9.1f}")

# Instructions
counts = collections.defaultdict(list)
with tempfile.TemporaryDirectory(dir=folder) as dumps:
    subprocess.run(["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no",
                    f"--callgrind-out-file={dumps}/out", program, *captures], check=True)
    for path in pathlib.Path(dumps).iterdir():
        text = path.read_text(errors="replace")
        label = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.M)
        total = re.search(r"^(?:totals|summary): (\d+)", text, re.M)
        if label and total:
            counts[label[1]].append(int(total[1]))

ratios = collections.defaultdict(list)
for label, (small,) in ((k, v) for k, v in counts.items() if k.startswith("small/")):
    _, view, key = label.split("/")
    large = counts[f"large/{view}/{key}"][0]
    ratios[view].append((large / small, key, small, large))
print("key to painted frame, instructions at 5 million packets / at 5 thousand, the worst key:")
for view, of in ratios.items():
    ratio, key, small, large = max(of)
    judge(ratio <= MOST, f"  {view:40} {ratio:5.3f} ({key}: {large / 8:,.0f} / {small / 8:,.0f}; "
                         f"{len(of)} keys, least {min(of)[0]:.3f})")
small, large = (counts[f"{size}/opening a conversation/Enter"][0] for size in ("thousand", "million"))
judge(large / small <= MOST, f"opening a conversation of a million packets / of a thousand "
                             f"{large / small:.3f} ({large:,} / {small:,} instructions; "
                             f"{times['million/opening a conversation/Enter'][0]} / "
                             f"{times['thousand/opening a conversation/Enter'][0]} us)")
print("longest slice, instructions of those that were counted:")
for label, of in sorted((k, v) for k, v in counts.items() if k.startswith("slice/")):
    print(f"  {label[6:]:40} {max(of):12,}")
sys.exit(bool(failed))

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens every file of a folder of broken and hostile captures with pktladder:
each is drawn, or refused with one clear line; never a crash, a sanitizer's
finding or a hang. "Hang": longer than tshark takes on the same file in the same
run; a sanitized build may take ten times that and two seconds. tshark is asked only where
it could be quicker: it takes as long as for the smallest file anyway.

  malformed.py PKTLADDER FOLDER STAND-IN
"""
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
from common import need, others  # noqa: E402

need("tshark")
program, folder = sys.argv[1], others(*map(pathlib.Path, sys.argv[2:4]))


def timed(command, limit):
    start = time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit)
    return done, time.monotonic() - start


SANITIZED = b"__asan_init" in pathlib.Path(program).read_bytes()


def limit_of(tshark):
    return 10 * tshark + 2 if SANITIZED else tshark


def tshark(path):
    return timed(["tshark", "-n", "-r", path], 120)[1]


drawn = refused = 0
problems = []
paths = [path for path in sorted(folder.iterdir())
         if path.is_file() and not path.name.startswith(("INDEX", "README"))]
smallest = min(paths, key=lambda path: path.stat().st_size)
least = min(tshark(smallest) for _ in range(3))
for path in paths:
    try:
        done, took = timed([program, "replay", path, "--text", "--width", "80"], 120)
    except subprocess.TimeoutExpired:
        problems.append(f"{path.name}: takes longer than two minutes")
        continue
    if took > limit_of(least) / 2 and took > limit_of(theirs := tshark(path)):
        problems.append(f"{path.name}: takes {took:.2f} s, longer than {limit_of(theirs):.2f} s; "
                        f"tshark {theirs:.2f} s")
    error = done.stderr.decode(errors="replace")
    if done.returncode == 0 or (done.returncode == 3 and error):  # 3: as far as it can be read
        drawn += 1
    elif done.returncode == 1 and error.count("\n") == 1 and error.startswith("pktladder: "):
        refused += 1
    else:
        problems.append(f"{path.name}: exit status {done.returncode}: {error[:400]}")
    text = done.stdout.replace(b"\n", b"")
    if any(byte < 0x20 or byte == 0x7f for byte in text):
        problems.append(f"{path.name}: a control character is in the text")
    if "runtime error" in error or "Sanitizer" in error or "CRITICAL" in error:
        problems.append(f"{path.name}: {error[:400]}")
print("\n".join(problems))
print(f"{drawn} drawn, {refused} refused with a line, {len(problems)} problems")
sys.exit(bool(problems) or not drawn)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden ladders: tests/golden/CASES has one case a line, NAME and the words
after `pktladder`; NAME.txt is what it prints. One command updates them:

  tests/golden/run.py PKTLADDER --update

Look at the difference (git diff) before you commit it.
"""
import difflib
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
import common  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent
SOURCE = FOLDER.parents[1]
program, update = sys.argv[1], "--update" in sys.argv


def output(words):
    """Of words that begin with "es", in Spanish."""
    language = {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}
    if words[0] == "es":
        words, language = words[1:], common.spanish_locale()
    done = subprocess.run([program, *words], cwd=SOURCE, stdin=subprocess.DEVNULL, timeout=60,
                          capture_output=True,
                          env={**os.environ, **language, "TZ": "UTC", "NO_COLOR": "1"})
    return done.stdout.decode() + done.stderr.decode()


failed = passed = 0
for line in (FOLDER / "CASES").read_text().splitlines():
    if not line.strip() or line.startswith("#"):
        continue
    name, *words = line.split()
    path, text = FOLDER / f"{name}.txt", output(words)
    if update:
        path.write_text(text)
        continue
    wanted = path.read_text() if path.exists() else ""
    if text == wanted:
        passed += 1
        continue
    failed += 1
    print(f"--- {name}: pktladder {' '.join(words)}")
    print("\n".join(difflib.unified_diff(wanted.splitlines(), text.splitlines(), "golden", "now", lineterm="")))
# The README shows a ladder as it really came out.
if not update and (FOLDER / "tcp-100.txt").read_text() not in (SOURCE / "README.md").read_text():
    failed += 1
    print("--- README.md does not show tests/golden/tcp-100.txt as it is")
print(f"{passed} passed, {failed} failed" if not update else "updated; now read git diff")
sys.exit(bool(failed) or (not update and not passed))

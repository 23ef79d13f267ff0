#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds twice, as it is and with the sanitizers, and runs all tests of both, whatever fails on
the way. At the end it says what failed, what was skipped and why, and how many of each.

  tests/all.py [words for ctest]
"""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

SOURCE = pathlib.Path(__file__).resolve().parents[1]
PRESETS = ("test", "sanitize")
# In what a test printed: it was skipped, or a part of it was.
REASON = re.compile(r"SKIPPED[A-Z, ]*: (.+)|^ *ok .* # SKIP (.+)|\.\.\. skipped ['\"](.+)['\"]$", re.M)


def cover(folder):
    """Has everything in `folder` stand in one of the same name that all may enter."""
    entries = list(folder.iterdir())
    there = f"/proc/{os.getpid()}/fd/{os.open(folder, os.O_PATH)}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder], check=True)
    for entry in entries:
        target = pathlib.Path(there, entry.name)
        if target.is_symlink():
            entry.symlink_to(target.readlink())
            continue
        entry.mkdir() if target.is_dir() else entry.touch()
        subprocess.run(["mount", "--no-canonicalize", "--bind", target, entry], check=True)


def open_way():
    """Root's tests run most of the program as an ordinary user, to whom root's home is closed:
    for them, and for nobody else, each folder on the way here is open."""
    closed = [folder for folder in SOURCE.parents if not folder.stat().st_mode & 1]
    if os.geteuid() != 0 or not closed:
        return
    if "--covered" not in sys.argv:
        if subprocess.run(["unshare", "--mount", "true"]).returncode != 0:
            sys.exit(f"{closed[-1]} is closed to the ordinary user that root's tests run as, and no way can be "
                     f"opened here. Move the repository, or: chmod o+x {closed[-1]}")
        os.execvp("unshare", ["unshare", "--mount", sys.executable, __file__, "--covered", *sys.argv[1:]])
    sys.argv.remove("--covered")
    for folder in reversed(closed):
        cover(folder)
    os.chdir(SOURCE)


def run(*words, **more):
    print("+", *words, flush=True)
    return subprocess.run(words, cwd=SOURCE, stdin=subprocess.DEVNULL, **more).returncode == 0


class Results:
    """What the tests of all builds came to."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []
        self.reasons = collections.defaultdict(list)  # of what was skipped, whole or in part

    def fail(self, name):
        self.failed.append(name)

    def add(self, preset, case):
        name, status = f"{preset}: {case.get('name')}", case.get("status")
        skipped = case.find("skipped")
        whole = skipped is not None and "SKIP_RETURN_CODE" in skipped.get("message", "")
        if whole:
            self.skipped.append(name)
        elif status == "run":
            self.passed += 1
        else:
            self.fail(name)
        reasons = {next(filter(None, found.groups())) for found in
                   REASON.finditer(case.findtext("system-out") or "")}
        for reason in reasons or ({"it did not say why"} if whole else ()):
            self.reasons[reason].append(name + ("" if whole else " (in part)"))

    def read(self, preset, path):
        if not path.exists():
            self.fail(f"{preset}: ctest ended early")
            return
        for case in ElementTree.parse(path).iter("testcase"):
            self.add(preset, case)

    def show(self):
        for name in self.failed:
            print(f"FAILED {name}")
        for reason, names in sorted(self.reasons.items()):
            print(f"SKIPPED {', '.join(names)}: {reason}")
        print(f"{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped", flush=True)


def main():
    open_way()
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    # More tests than cores: those of screens wait most of the time.
    jobs = str(os.cpu_count() + 1)
    results, built, times = Results(), [], [time.monotonic()]
    for preset in PRESETS:
        if run("cmake", "--preset", preset) and run("cmake", "--build", "--preset", preset):
            built.append(preset)
        else:
            results.fail(f"{preset}: it was not built")
    times.append(time.monotonic())
    references = tempfile.TemporaryDirectory(prefix="pktladder-references-", dir="/var/tmp")
    os.environ["PKTLADDER_REFERENCES"] = references.name
    for preset in built:
        path = SOURCE / "build" / preset / "Testing" / "results.xml"
        path.unlink(missing_ok=True)
        # On disk: not in memory, and not where a file's rights do not count, as /tmp may be.
        with tempfile.TemporaryDirectory(prefix="pktladder-tests-", dir="/var/tmp") as folder:
            os.chmod(folder, 0o1777)
            run("ctest", "--preset", preset, "--parallel", jobs, "--output-junit", path,
                "--test-output-size-passed", "1000000", *sys.argv[1:], env={**os.environ, "TMPDIR": folder})
            for name in sorted(os.listdir(folder)):
                results.fail(f"{preset}: a test left {name} behind")
        results.read(preset, path)
        times.append(time.monotonic())
    references.cleanup()
    print("minutes:", ", ".join(f"{name} {(end - start) / 60:.1f}" for name, start, end in
                                zip(["builds"] + [f"tests of {preset}" for preset in built], times, times[1:])))
    results.show()
    return bool(results.failed) or not results.passed


if __name__ == "__main__":
    sys.exit(main())

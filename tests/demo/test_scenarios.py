#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs each scenario of `demo` as an ordinary user, every other time paced, and holds its ladder against what its own file
says that it must show, and one run's ladder against another's; and its source, printed, compiles.

  test_scenarios.py PKTLADDER [--runs N] [--record FOLDER] [NAME...]

--record: one run of each, kept as FOLDER/NAME.pcapng.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess

from common import check, run, work_folder

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "src" / "scenarios"
parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--runs", type=int, default=2)
parser.add_argument("--record", type=pathlib.Path)
parser.add_argument("names", nargs="*")
options = parser.parse_intermixed_args()
PROGRAM = options.program


def facts_of(name):
    """(filter, least, most) as the scenario's file has them, and whether its ladders may differ."""
    text = (SOURCES / f"{name.replace('-', '_')}.c").read_text()
    table = re.search(r"ScenarioFact facts\[\] = \{(.*?)\};", text, re.S).group(1)
    found = re.findall(r'\{ "([^"]+)", (\d+), (\d+) \}', table)
    check(found, f"{name} says nothing that its ladder must show")
    return [(words, int(least), int(most)) for words, least, most in found], ".varies = TRUE" in text


def count(recording, words):
    """The packets and the calls that pass a display filter."""
    done = run(PROGRAM, "figure", recording, "--format", "jsonl", "--show", words, user=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    calls = {cell[part]["id"] for row in rows for cell in row.get("cells", [])
             for part in ("entry", "return") if part in cell}
    return sum("packet" in row for row in rows) + len(calls)


def ladder(recording):
    """Its rows without times and without the client's ports, which the kernel chooses."""
    text = run(PROGRAM, "replay", recording, "--text", "--width", 200, user=False).stdout.decode()
    return [re.sub(r"[\d.]+ +(\+[\d.]+)? *|:4000\d", "", row, count=1) for row in text.splitlines()]


def once(name, recording, *pace):
    recording.unlink(missing_ok=True)
    done = run(PROGRAM, "demo", name, "--text", "-w", recording, *pace)
    said = done.stderr.decode()
    check("turn" not in said, f"{name}: {said}")
    facts, varies = facts_of(name)
    for words, least, most in facts:
        n = count(recording, words)
        right = n >= least and (n <= most if most or not least else True)
        check(right, f"{name}: \"{words}\" passes {n}, not {least} to {most or 'any'}:\n"
                     + done.stdout.decode())
    lines(name, recording)
    return None if varies else ladder(recording)


def lines(name, recording):
    """Each call has the line of the source where it is called, for the key i."""
    text = (SOURCES / f"{name.replace('-', '_')}.c").read_text().splitlines()
    told = re.findall(rb"phase=entry [^|]*?call=(\w+) [^|]*?line=(\d+)", recording.read_bytes())
    for call, line in {(call.decode(), int(line)) for call, line in told} - {("process", 0)}:
        right = call == "process" or f"{call}(" in " ".join(text[line - 1:line + 1])
        check(right, f"{name}: {call}() is not called in line {line}: {text[line - 1]}")
    check(told, f"{name}: no call has a line")


def source(name, folder):
    """What --source prints is the whole client and server: with the shared header it compiles."""
    text = run(PROGRAM, "demo", name, "--source").stdout.decode()
    check("server(int argc" in text and "client(int argc" in text, f"{name} --source: {text[:200]}")
    path = folder / f"{name}.c"
    extra = re.findall(r"^#include <.*$", (SOURCES / f"{name.replace('-', '_')}.c").read_text(), re.M)
    path.write_text('#include "peer.h"\n' + "\n".join(extra) + "\n" + text +
                    "\nint main(int argc, char **argv) { return argc > 3 ? server(argc, argv) : client(argc, argv); }\n")
    flags = subprocess.run(["pkg-config", "--cflags", "glib-2.0"], capture_output=True, text=True,
                           check=True).stdout.split()
    done = subprocess.run(["cc", "-std=gnu17", "-D_GNU_SOURCE", "-fsyntax-only", f"-I{SOURCES}",
                           f"-I{SOURCES.parents[1] / 'include'}", *flags, str(path)],
                          capture_output=True, text=True)
    check(done.returncode == 0, f"{name} --source does not compile: {done.stderr}")


listed = run(PROGRAM, "demo", "--list").stdout.decode()
names = re.findall(r"^  (\S+)", listed, re.M)
files = {path.stem for path in SOURCES.glob("*.c")} - {"peer", "scenario", "source"}
check({name.replace("-", "_") for name in names} == files, f"--list has {names}, the folder {files}")
folder = work_folder()
for name in options.names or names:
    seen = {}
    recording = folder / f"{name}.pcapng"
    for i in range(1 if options.record else options.runs):
        # timers go on while calls are held: as slow as somebody who reads
        slow = 350 if name in ("keepalive", "backlog") else 40
        pace = ["--pace", 100 if options.record else slow]
        rows = once(name, recording, *(pace if options.record or i % 2 else []))
        if rows is not None:
            seen.setdefault("\n".join(rows), []).append(i)
    if options.record:
        shutil.copyfile(recording, options.record / recording.name)
    check(len(seen) <= 1, f"{name}: {len(seen)} ladders\n" + "\n\n".join(seen))
    source(name, folder)
print(f"{len(options.names or names)} scenarios show what they say")

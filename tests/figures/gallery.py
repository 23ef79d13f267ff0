#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/gallery.md and its figures are what the program makes.

usage: gallery.py PKTLADDER SOURCE [--update]"""
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

PKTLADDER, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
UPDATE = "--update" in sys.argv
GALLERY = SOURCE / "docs/gallery"
HEAD = """# Figures

Each figure here was made by the command above it, from the recordings in `captures/`.
`cmake --build build/test --target gallery` makes them all anew, and a test fails where one is
no longer what the program makes. Formats and options: the section FIGURES of the manual, or
`pktladder figure --format help` and `pktladder figure --help`.
"""
# How Markdown shows what is text; anything else that is no picture is linked to.
FENCES = {".txt": "text", ".mmd": "mermaid", ".puml": "plantuml", ".msc": "", ".tex": "latex", ".json": "json"}
PICTURES = {".svg", ".png"}
MOST_LINES = 60  # of a text that stands in the page itself


def cases():
    heading = None
    for line in (GALLERY / "CASES").read_text(encoding="utf-8").splitlines():
        if line.startswith("#:"):
            heading = line[2:].strip()
        elif line and not line.startswith("#"):
            name, words = line.split(" ", 1)
            yield heading, name, words
            heading = None


def made(name, words, folder):
    out = pathlib.Path(folder) / name
    run = subprocess.run([PKTLADDER, "figure", *shlex.split(words), "-o", out], cwd=SOURCE,
                         capture_output=True, text=True,
                         env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "", "TZ": "UTC"})
    if run.returncode != 0:
        sys.exit(f"{name}: {run.stderr}")
    return out.read_bytes()


def shown(name, content):
    suffix = pathlib.Path(name).suffix
    lines = content.decode(errors="replace").splitlines()
    if suffix in PICTURES:
        return f"![{name}](gallery/{name})\n"
    if suffix == ".md":
        return content.decode() + "\n"
    if suffix in FENCES and len(lines) <= MOST_LINES:
        return "\n".join([f"```{FENCES[suffix]}", *lines, "```", ""])
    return f"[{name}](gallery/{name})\n"


stale, page = [], HEAD


def hold(path, content):
    if UPDATE:
        path.write_bytes(content)
    elif not path.exists() or path.read_bytes() != content:
        stale.append(str(path.relative_to(SOURCE)))


with tempfile.TemporaryDirectory() as folder:
    names = set()
    for heading, name, words in cases():
        content = made(name, words, folder)
        hold(GALLERY / name, content)
        if heading:
            page += f"\n## {heading}\n"
        page += f"\n    pktladder figure {words} -o {name}\n\n{shown(name, content)}"
        names.add(name)
hold(SOURCE / "docs/gallery.md", page.encode())
stale += [f"docs/gallery/{path.name}, which is in no case" for path in GALLERY.iterdir()
          if path.name not in names | {"CASES"}]
if stale:
    print("not what the program makes:", *stale, sep="\n  ")
    print("cmake --build build/test --target gallery makes them anew")
print(f"{len(names)} figures in the gallery")
sys.exit(bool(stale) or not names)

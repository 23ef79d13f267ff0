#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every C file is laid out as one version of clang-format does it, with .clang-format, and every
source says under which licence it stands.

    format.py SOURCE           tells which files differ
    format.py SOURCE --write   lays them out

Versions of clang-format differ in details: only the one that CI has counts."""
import pathlib
import re
import shutil
import subprocess
import sys

VERSION = "14"
LICENSE = "SPDX-License-Identifier: MIT"

source = pathlib.Path(sys.argv[1])
files = sorted(path for folder in ("src", "include", "tests") for path in (source / folder).rglob("*"))
code = [path for path in files if path.suffix in (".c", ".h")]
assert len(code) > 100, f"no sources in {source}"
failed = [f"{path}: its first lines do not say {LICENSE}" for path in files
          if path.suffix in (".c", ".h", ".py", ".cmake") or path.name == "CMakeLists.txt"
          if LICENSE not in "".join(path.read_text().splitlines()[:2])]

program = shutil.which(f"clang-format-{VERSION}") or shutil.which("clang-format")
version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout if program else ""
if re.search(rf"version {VERSION}\.", version):
    mode = ["-i"] if "--write" in sys.argv else ["--dry-run", "-Werror"]
    said = subprocess.run([program, "--style=file", *mode, *code], capture_output=True, text=True)
    failed += sorted({line.split(":")[0] + ": not as clang-format lays it out; "
                      "mend: python3 tests/format.py . --write"
                      for line in said.stderr.splitlines() if " error: " in line})
    if said.returncode and not failed:
        failed.append(said.stderr)
print("\n".join(failed) or f"{len(code)} files are laid out as they should be")
if not failed and not re.search(rf"version {VERSION}\.", version):
    print(f"SKIPPED: clang-format {VERSION} is not here ({version.strip() or 'none at all'})")
    sys.exit(77)
sys.exit(bool(failed))

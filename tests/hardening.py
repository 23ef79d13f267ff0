#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the program's ELF file: it is hardened as CMakeLists.txt asks for.

    hardening.py PKTLADDER

What only an x86-64 program shows is looked for in one alone. Exit status: 0 it
is, 1 it is not, 77 readelf or objdump is not installed.
"""

import re
import shutil
import subprocess
import sys

# What it is called, the tool that shows it, and how that looks.
EVERYWHERE = [
    ("position-independent executable (-pie)", ["readelf", "-dW"], r"FLAGS_1.*\bPIE\b"),
    ("relocations read-only (-z relro)", ["readelf", "-lW"], r"GNU_RELRO"),
    ("all of them, bound at the start (-z now)", ["readelf", "-dW"], r"FLAGS_1.*\bNOW\b"),
    ("stack not executable (-z noexecstack)", ["readelf", "-lW"], r"GNU_STACK( +0x\w+){5} RW "),
    ("stack protector", ["readelf", "-sW", "--dyn-syms"], r"UND __stack_chk_fail\b"),
    ("_FORTIFY_SOURCE", ["readelf", "-sW", "--dyn-syms"], r"UND __(mem|f?printf|v?snprintf)\w*_chk\b"),
]
X86_64 = [
    ("indirect branches have marked targets (-fcf-protection)",
     ["objdump", "-d", "--no-show-raw-insn"], r"<main>:\n\s*[0-9a-f]+:\s*endbr64"),
    ("no page of the stack is jumped over (-fstack-clash-protection)",
     ["objdump", "-d", "--no-show-raw-insn"],
     r"sub +\$0x1000,%rsp\n.*\t(orq|movq) +\$0x0,(0x\w+)?\(%rsp\)"),
]


def tool_output(command, program):
    return subprocess.run(command + [program], capture_output=True, text=True, check=True,
                          env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout


def main():
    program = sys.argv[1]
    for tool in ("readelf", "objdump"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed (binutils)")
            return 77
    x86_64 = "X86-64" in tool_output(["readelf", "-h"], program)
    missing = [name for name, command, pattern in EVERYWHERE + (X86_64 if x86_64 else [])
               if not re.search(pattern, tool_output(command, program))]
    for name in missing:
        print(f"{program} lacks: {name}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad input: one clear line each, and a non-zero exit.

  test_errors.py PKTLADDER
"""
import os
import re
import resource
import struct
import sys

from common import SOURCE, check, ordinary_user, run, work_folder

PROGRAM = sys.argv[1]
folder = work_folder()
(folder / "text.txt").write_text("this is no capture at all, but a line of text\n")
(folder / "empty").write_text("")
(folder / "secret.pcap").write_text("x")
os.chmod(folder / "secret.pcap", 0)
(folder / "escape.py").write_text("import os,sys; os.write(2, b'\\x1b]0;owned\\x07\\x1b[2J'); sys.exit(3)\n")

# arguments, what the line must name, exit status (None: any but 0)
CASES = [
    (["demo", "nonsense"], ["nonsense", "tcp", "udp"], 2),
    (["demo", "tcp", "udp"], ["udp"], 2),
    (["nonsense"], ["nonsense", "demo", "replay"], 2),
    (["--nonsense"], ["--nonsense", "--help"], 2),
    (["demo", "--nonsense"], ["--nonsense", "--help"], 2),
    (["demo", "tcp", "--pace", "x"], ["x"], 2),
    (["demo", "tcp", "--pace", "-7"], ["--pace", "60000"], 2),
    (["demo", "tcp", "--pace", "-1"], ["--pace", "60000"], 2),
    (["doctor", "nonsense"], ["doctor", "nonsense"], 2),
    (["replay", "x", "--labels", "mine"], ["--labels", "plain, stevens, rfc9293, wireshark", "mine"], 2),
    (["replay", "x", "--time", "none"], ["--time", "start, utc, local", "none"], 2),
    (["list", "x", "--format", "xml"], ["--format", "table, tsv, json", "xml"], 2),
    (["demo", "tcp", "--step", "--pace", "5"], ["--step", "--pace"], 2),
    (["demo", "tcp", "--step"], ["--step", "terminal"], 2),
    (["demo", "tcp", "--width", "3", "--text"], ["24"], 2),
    (["demo", "tcp", "-w", "/nonexistent/x.pcapng"], ["/nonexistent/x.pcapng"], 1),
    (["replay"], ["replay FILE"], 2),
    (["replay", "/nonexistent.pcap"], ["/nonexistent.pcap"], 1),
    (["replay", str(folder)], [str(folder)], 1),
    (["replay", str(folder / "text.txt")], ["text.txt"], 1),
    (["-", "--text"], ["standard input"], 1),
    (["replay", str(folder / "empty")], ["empty"], 1),
    (["replay", str(folder / "secret.pcap")], ["secret.pcap"], 1),
    (["live", "-i", "nonsense0"], ["nonsense0"], 1),
    (["run"], ["--and"], 125),
    (["run", "--", "true", "--and"], ["--and"], 125),
    (["run", "--nonsense"], ["--nonsense", "--help"], 125),
    (["run", "--port", "70000", "--", "true"], ["--port", "65535"], 125),
    (["run", "--", "/nonexistent/server"], ["/nonexistent/server"], 127),
    (["run", "--", str(folder / "text.txt")], ["text.txt", "chmod"], 126),
    (["run", "--", "true", "--and", "true"], ["listen"], 125),
    (["run", "--wait", "1", "--", "sleep", "30", "--and", "true"], ["listen"], 125),
    (["run", *["--", "true"], *["--and", "true"] * 16], ["16"], 125),
    (["run", "--", "python3", str(folder / "escape.py"), "--and", "true"], ["3"], 125),
]

for arguments, words, status in CASES:
    done = run(PROGRAM, *arguments, check=False, timeout=60)
    error = done.stderr.decode()
    line = next((l for l in error.splitlines() if l.startswith("pktladder: ") and all(w in l for w in words)), None)
    print(f"{' '.join(arguments)}\n    {done.returncode}: {error.strip()}")
    check(done.returncode == status, f"{arguments}: exit status {done.returncode}, not {status}")
    check(line, f"{arguments}: no line names {words}: {error}")
    check("\x1b" not in error and "\x07" not in error, f"{arguments}: an escape sequence came through")
    check("CRITICAL" not in error and "runtime error" not in error, error)

# What names a file reaches the terminal escaped, and in one line.
for name, shown in ((b"a\x1b]0;owned\x07\x9b\nb.pcap", "a\\x1b]0;owned\\x07\\x9b\\x0ab.pcap"),
                    (b"inv\xff\xfe.pcap", "inv\\xff\\xfe.pcap"),
                    ("bidi\u202e\u200b.pcap".encode(), "bidi\\u{202E}\\u{200B}.pcap")):
    path = os.path.join(os.fsencode(folder), name)
    with open(path, "wb") as file:
        file.write(b"no capture")
    for arguments in ([path], ["replay", path], ["replay", path + b".none"], [path + b".none"],
                      ["list", path], ["figure", path, "-o", "x.svg"], ["demo", name],
                      ["live", "-w", b"/nonexistent/" + name, "-i", "nonsense0"], [b"--" + name],
                      ["run", "--", name, "--and", "true"],
                      ["demo", "udp", "-w", b"/nonexistent/" + name]):
        done = run(PROGRAM, *map(os.fsdecode, arguments), check=False)
        error = done.stderr.decode()
        check(done.returncode in (1, 2, 126, 127) and error.startswith("pktladder: "), f"{arguments}: {error}")
        check(error.count("\n") == 1 and error[:-1].isprintable(), f"{arguments}: {error!r}")
        check(shown in error or b"nonsense0" in error.encode(), f"{arguments}: {error!r}")

# `ulimit -f`: what may not grow says so, and what would have been replaced stays.
TCP = SOURCE / "captures" / "tcp.pcapng"
old, new, large = folder / "old.svg", folder / "new.svg", folder / "large.pcap"
old.write_text("old")
os.chmod(old, 0o666)
large.write_bytes(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101) +
                  400 * (struct.pack("<IIII", 1, 1, 1000, 1000) + bytes(1000)))
for arguments, what, made in (
        (["figure", TCP, "-o", old], old, set()), (["figure", TCP, "-o", new], new, set()),
        (["replay", TCP, "-w", old], old, set()), (["replay", TCP, "-w", new], new, set()),
        (["demo", "tcp", "--text", "-w", new], new, {"new.svg"}),
        (["replay", "--text", "-"], "temporary file", set())):
    names = set(os.listdir(folder))
    with os.popen(f"cat {large}") as stdin:
        done = run(PROGRAM, *arguments, check=False, env={"TMPDIR": str(folder)}, stdin=stdin,
                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)))
    error = done.stderr.decode()
    check(done.returncode == 1 and re.fullmatch(f"pktladder: .*{what}.*File too large.*\n", error),
          f"{arguments}: {done.returncode} {error}")
    check(set(os.listdir(folder)) == names | made, f"{arguments}: {os.listdir(folder)}")
    check(old.read_text() == "old", f"{arguments}: the old file is not what it was")

# No permission: an ordinary user on the host's lo.
if ordinary_user():
    done = run(PROGRAM, "live", "-i", "lo", check=False)
    error = done.stderr.decode()
    check(done.returncode == 1 and "setcap" in error, f"no permission: {done.returncode} {error}")
    done = run(PROGRAM, "live", "-i", "lo", "tcp", "prot", "80", user=False, check=False)
    check(done.returncode == 1 and "prot" in done.stderr.decode(), f"filter: {done.stderr.decode()}")
print("errors: all clear")

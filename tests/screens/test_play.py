#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The playback and the spacing, of the real program in a real terminal.

  test_play.py PKTLADDER

Nothing here depends on how fast the machine is: what is held against the clock
is only that a row does not come before its time; else it is the order of things.
"""
import os
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
import common  # noqa: E402
import tmux  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
CAPTURE = pathlib.Path(__file__).resolve().parents[2] / "captures" / "tcp.pcapng"


def all_rows():
    """(time, the line) of each row, from the text output."""
    done = subprocess.run([PROGRAM, "replay", CAPTURE, "--text", "--width", "80"], check=True,
                          stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    return rows(done.stdout)


def rows(text):
    found = []
    for line in text.splitlines():
        stamp = re.match(r" *(\d+\.\d{6}) ", line)
        if stamp and "│" in line:
            found.append((float(stamp.group(1)), line.rstrip()))
    return found


def start(terminal, *words):
    terminal.start(" ".join([PROGRAM, str(CAPTURE), *words]))


def ticks(pid):
    """Clock ticks of CPU that the process has used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_order():
    """The screen is always a beginning of the ladder, grows, and no row is early."""
    whole = all_rows()
    speed = 0.5
    with tmux.Terminal(80, 30) as terminal:
        begun = time.monotonic()
        start(terminal, "--play", "--speed", str(speed))
        seen = 0
        while True:
            text = terminal.text()
            passed = time.monotonic() - begun
            shown = rows(text)
            common.check([at for at, _ in shown] == [at for at, _ in whole[:len(shown)]],
                         f"other rows than the ladder's:\n{text}")
            common.check(len(shown) >= seen, f"rows went away:\n{text}")
            common.check(not shown or shown[-1][0] <= passed * speed + 0.001,
                         f"the row of {shown[-1:]} came after {passed * speed:.3f} s of playback")
            seen = len(shown)
            if " END " in text:
                break
            common.check(passed < 60, f"the playback does not end:\n{text}")
        common.check([line for _, line in rows(terminal.text())] == [line for _, line in whole],
                     "the playback's end is another ladder")


def test_pause():
    """A pause is one: the screen stays, and not a tick of CPU is used."""
    with tmux.Terminal(80, 30) as terminal:
        start(terminal, "--play", "--speed", "1/20")
        terminal.wait(lambda: len(rows(terminal.text())) >= 2, "two rows")
        terminal.keys("Space")
        terminal.wait_for("PAUSED")
        before, used = terminal.settle(), ticks(terminal.program())
        time.sleep(2)
        common.check(ticks(terminal.program()) == used, "a pause takes CPU")
        common.check(terminal.text() == before, "the screen has changed")
        terminal.keys("Space")
        terminal.wait(lambda: len(rows(terminal.text())) > len(rows(before)), "the next row")


def test_keys():
    """Step, jump, pace, end, and again from the beginning."""
    whole = all_rows()
    with tmux.Terminal(80, 30) as terminal:
        start(terminal, "--play", "--speed", "1/1000")
        terminal.wait_for("next row in")
        terminal.keys("Space")
        terminal.wait_for("PAUSED")
        terminal.keys("Home")
        terminal.wait(lambda: not rows(terminal.text()), "an empty ladder")
        for expected in range(1, 6):
            terminal.type(".")
            terminal.wait(lambda: len(rows(terminal.text())) == expected, f"{expected} rows")
        terminal.type(",")
        terminal.wait(lambda: len(rows(terminal.text())) == 4, "a row less")
        terminal.type(":0.6")
        terminal.keys("Enter")
        wanted = sum(at <= 0.6 for at, _ in whole)
        terminal.wait(lambda: len(rows(terminal.text())) == wanted, "the rows up to 0.6 s")
        terminal.type("++")
        terminal.wait_for(" 1/200x ")
        terminal.type("u")
        terminal.wait_for(" each 500 ms ")
        terminal.keys("End")
        terminal.wait_for(" END ")
        terminal.keys("Space")
        terminal.wait(lambda: 0 < len(rows(terminal.text())) < len(whole), "the beginning again")
        terminal.type("P")
        text = terminal.settle()
        common.check(len(rows(text)) == len(whole) and "PLAYING" not in text, f"the playback is still on:\n{text}")


def test_idle():
    """Between two rows that are far apart it sleeps: at most the bar and the seconds move."""
    with tmux.Terminal(80, 30) as terminal:
        start(terminal, "--play", "--speed", "1/50000")
        terminal.wait_for("next row in")
        used = ticks(terminal.program())
        time.sleep(3)
        common.check(ticks(terminal.program()) - used <= 5, "waiting for a row takes CPU")


def test_selection():
    """The ladder becomes shorter than what was played of it, while it is played."""
    several = CAPTURE.with_name("several.pcapng")
    for keys in (["P", "5", "c"], ["P", "9", "f", "s", "y", "n", "Enter"], ["P", "9", "l", "Enter"]):
        for pause in (0, .01, .02, .03):  # a frame or two is painted between the keys, or none is
            with tmux.Terminal(120, 40) as terminal:
                terminal.start(f"{PROGRAM} {several}")
                terminal.wait_for("all 4 conversations")
                for key in keys:
                    terminal.keys(key)
                    time.sleep(pause)
                terminal.wait(lambda: " END " in terminal.text() or not terminal.program(), "the end")
                common.check(terminal.program(), f"{keys}:\n{terminal.text()}")


def test_spacing():
    """Blank lines come and go; the rows are the same."""
    with tmux.Terminal(80, 39) as terminal:
        start(terminal)
        terminal.wait_for(" END")
        dense = rows(terminal.settle())
        terminal.type("T")
        text = terminal.settle()
        common.check("50 ms a line" in text, text)
        common.check(rows(text) == dense, "spacing has changed the rows")
        blank = [line for line in text.splitlines()
                 if line.startswith(" " * 29) and "│" in line and not re.search(r"\w", line)]
        common.check(len(blank) >= 9, f"{len(blank)} blank lines")
        terminal.type("[")
        terminal.wait_for("20 ms a line")
        terminal.type("T")
        terminal.wait_gone("a line")


def test_waiting_text():
    """Waiting for a capture that does not come takes no CPU, whatever the first line waits for."""
    content = CAPTURE.read_bytes()
    for words in ([], ["--spacing", "auto"]):
        with subprocess.Popen([PROGRAM, "replay", "-", "--text", "--play", "--speed", "100", *words],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
            program.stdin.write(content[:len(content) // 2])
            program.stdin.flush()
            # it has read the half of it within the first of these seconds, or later
            used = [0]
            while len(used) < 2 or used[-1] - used[-2] > 1:
                common.check(len(used) < 30, f"waiting takes CPU: {words}")
                time.sleep(1)
                used.append(ticks(program.pid))
            output, _ = program.communicate(content[len(content) // 2:])
            common.check(b"exit()" in output, "the end is missing")


def test_text():
    """As text on a pipe: the same ladder, line by line, none before its time."""
    for words in (["--speed", "2"], ["--speed", "even:20", "--spacing", "50ms"],
                  ["--speed", "100", "--spacing", "auto"]):
        command = [PROGRAM, "replay", str(CAPTURE), "--text", "--width", "80"]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        spacing = words[2:]
        whole = subprocess.run([*command, *spacing], check=True, stdin=subprocess.DEVNULL,
                               capture_output=True, env=environment).stdout.decode()
        begun = time.monotonic()
        with subprocess.Popen([*command, "--play", *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, env=environment) as program:
            lines = []
            for line in program.stdout:
                passed = time.monotonic() - begun
                lines.append(line.decode())
                for at, _ in rows(lines[-1]) if words[1] == "2" else []:
                    common.check(at <= passed * 2 + 0.001, f"{lines[-1]} came after {passed:.3f} s")
            common.check(program.wait() == 0, "a playback as text failed")
        common.check("".join(lines) == whole, f"the playback {words} is another ladder")


TESTS = [value for name, value in list(globals().items()) if name.startswith("test_")]

if not tmux.available():
    common.skip("tmux is not installed; the README's test command installs it")
for test in TESTS:
    print(test.__name__, flush=True)
    test()
print(f"{len(TESTS)} passed, 0 failed")

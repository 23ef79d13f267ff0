#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random keys, names, clicks and sizes on the real program: it lives, reads its keys,
and leaves when it is told to. Under the sanitizers nothing is found.

    test_monkey.py PKTLADDER [SEED [STEPS [REPLAY'S ARGUMENTS...]]]

Without a seed some fixed ones; a longer run by hand takes others.
"""

import glob
import os
import random
import shlex
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tmux  # noqa: E402  pylint: disable=wrong-import-position

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.join(HERE, "../../captures")
RUNS = [(1, 80, ["several.pcapng", "--conversations", "all"]), (2, 80, ["tcp.pcapng"]),
        (3, 60, ["several.pcapng", "--play", "--speed", "even:50"])]

KEYS = """Up Down Left Right PageUp PageDown Home End Enter Escape Tab BTab Space BSpace DC F1
    C-b C-f C-u C-d C-l C-a C-e C-k C-w""".split()
LETTERS = "jkgGHLbPTtdmMhozxwSsl?cCfF/nNeEvR:[]+-.,0123456789u<>|p "
TEXTS = ["retransmission", "port 443 and", "((", "1.5", "+0.2", "99999999999", "-1", "0", "out.svg", "out.txt",
         "out.html", "no/x.svg", "out.png", "/dev/null", "é\u202e\x9b", "\u0301\u0301", "漢字" * 20, "\x01\x02",
         "x" * 300, "out.pcapng", "udp or", "\"", "hello"]
SIZES = [(80, 24), (1, 1), (2, 1), (1, 30), (200, 1), (10, 3), (24, 5), (39, 12), (120, 40), (80, 2), (60, 4)]


def press(terminal, text):
    terminal.tmux("send-keys", "-l", "--", text)


def step(terminal, chance):
    """One thing that a monkey does."""
    kind = chance.random()
    if kind < .5:
        press(terminal, "".join(chance.choices(LETTERS, k=chance.randint(1, 6))))
    elif kind < .7:
        terminal.keys(*[chance.choice(KEYS)] * chance.choice([1, 1, 3, 20]))
    elif kind < .82:
        press(terminal, chance.choice("wSsf/:l"))
        if chance.random() < .5:
            terminal.keys("C-u")
        press(terminal, chance.choice(TEXTS))
        terminal.keys(*chance.choice([["Enter"], ["Enter", "Enter"], ["Tab"], ["Escape"]]))
    elif kind < .9:
        terminal.resize(*chance.choice(SIZES))
    else:
        place = "\x1b[<{};{};{}".format(chance.choice([0, 0, 2, 64, 65, 32]),
                                        chance.choice([1, 10, 40, 80, 200]), chance.choice([1, 2, 5, 12, 24, 80]))
        press(terminal, place + "M" + place + "m")


def leave(terminal):
    """Whatever is open: some Esc and q end it."""
    terminal.resize(80, 24)
    end = time.monotonic() + 60
    while terminal.program():
        if time.monotonic() > end:
            raise tmux.Timeout(f"it cannot be left; the screen is\n{terminal.text()}")
        terminal.keys("Escape", "q")
        time.sleep(.1)


def run(program, seed, steps, words, folder):
    """All of it on one terminal; raises where something is wrong."""
    chance = random.Random(seed)
    report = os.path.join(folder, "report")
    options = f"log_path={report}:exitcode=99"
    status = os.path.join(folder, "status")
    work = os.path.join(folder, "work")
    os.mkdir(work)
    with tmux.Terminal(env={"ASAN_OPTIONS": options, "UBSAN_OPTIONS": options + ":print_stacktrace=1"}) as terminal:
        terminal.start(f"cd {work}; {shlex.join([program, 'replay', *words])} 2>../said; echo $? >../status")
        terminal.wait(lambda: "Client" in terminal.text() or " END" in terminal.text(), "the ladder", 60)
        for _ in range(steps):
            step(terminal, chance)
            if not terminal.program():
                break  # one of the texts may have had a q in the right place
        else:
            terminal.wait(lambda: terminal.unread() == 0, "a program that reads its keys", 60)
            leave(terminal)
        terminal.wait(lambda: os.path.exists(status) and open(status, encoding="ascii").read(), "the exit status", 60)
        left = terminal.flags().split()[0]
    with open(os.path.join(folder, "said"), encoding="utf-8", errors="replace") as file:
        said = file.read()
    with open(status, encoding="ascii") as file:
        code = file.read().strip()
    for name in glob.glob(report + "*"):
        with open(name, encoding="utf-8", errors="replace") as file:
            said += file.read()
    temporary = [name for name in os.listdir(work) if len(name.rpartition(".")[2]) == 6 and name.count(".") > 1]
    assert code in ("0", "1") and left == "0", f"exit status {code}, alternate screen {left}: {said[:4000]}"
    assert not any(word in said for word in ("Sanitizer", "runtime error", "CRITICAL", "WARNING")), said[:4000]
    assert not temporary, f"half a file was left: {temporary}"


def main(program, seed=None, steps=200, *words):
    if seed is not None:
        runs = [(int(seed), int(steps), list(words) or ["several.pcapng"])]
    else:
        runs = RUNS
    for number, length, arguments in runs:
        arguments = [os.path.join(CAPTURES, arguments[0]) if not os.path.exists(arguments[0])
                     else os.path.abspath(arguments[0]), *arguments[1:]]
        print(f"seed {number}, {length} steps: {' '.join(arguments)}", flush=True)
        folder = tempfile.mkdtemp(prefix="pktladder-monkey-")
        try:
            run(program, number, length, arguments, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print("monkey: all clear")


if __name__ == "__main__":
    tested = tmux.program_tested(__doc__)
    main(tested, *sys.argv[1:])

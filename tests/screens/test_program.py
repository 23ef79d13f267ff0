#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real program in a real terminal: golden screens of the recordings at
80x24, 120x40 and 200x50, in UTF-8 and ASCII; the live screen against the
replay's; stepping; ways out; languages.

  test_program.py PKTLADDER FORBID [--update]

--update writes tests/screens/golden anew: read the difference.
"""
import difflib
import os
import pathlib
import shlex
import shutil
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
import common  # noqa: E402
import tmux  # noqa: E402

PROGRAM, FORBID = map(os.path.abspath, sys.argv[1:3])
UPDATE = "--update" in sys.argv
HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
GOLDEN = HERE / "golden"
SIZES = [(80, 24), (120, 40), (200, 50)]


def command(*words, user=True):
    """As the ordinary user, in the project's folder."""
    return " ".join(["cd", shlex.quote(str(SOURCE)), ";",
                     shlex.join((common.ordinary_user() if user else []) + [PROGRAM, *map(str, words)])])


def golden(name, text):
    path = GOLDEN / f"{name}.txt"
    if UPDATE:
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text + "\n")
        return
    wanted = path.read_text() if path.exists() else ""
    if text + "\n" != wanted:
        difference = difflib.unified_diff(wanted.splitlines(), text.splitlines(), "golden", "now", lineterm="")
        raise AssertionError(f"{name}:\n" + "\n".join(difference))


def test_golden_screens():
    for scenario in ("tcp", "udp"):
        for columns, rows in SIZES:
            for locale in ("C.UTF-8", "C"):
                with tmux.Terminal(columns, rows, env={"LC_ALL": locale}) as terminal:
                    terminal.start(command("replay", f"captures/{scenario}.pcapng"))
                    terminal.wait_for("END")
                    text = terminal.settle()
                    common.check(locale != "C" or text.isascii(), "ASCII was asked for")
                    kind = "ascii" if locale == "C" else "utf8"
                    golden(f"{scenario}-{columns}x{rows}-{kind}", text)


def test_lanes():
    """More endpoints than there is room for: scrolled by keys, and by selecting a row."""
    for columns, rows in SIZES[:2]:
        for locale in ("C.UTF-8", "C"):
            with tmux.Terminal(columns, rows, env={"LC_ALL": locale}) as terminal:
                kind = f"{columns}x{rows}-" + ("ascii" if locale == "C" else "utf8")
                terminal.start(command("replay", "captures/several.pcapng"))
                terminal.wait_for("END")
                terminal.keys("l")
                terminal.wait_for("4 conversations")
                terminal.keys("M")
                terminal.wait_for("4 marked")
                terminal.keys("Enter")
                terminal.wait_for(" of 6 ")
                terminal.keys(*["j"] * 10)
                golden(f"lanes-{kind}", terminal.settle())
                terminal.keys("Right")
                golden(f"lanes-right-{kind}", terminal.settle())
                terminal.keys("H", "H", "H")
                terminal.wait_for("lanes 1-")
                terminal.keys(*["j"] * 12)
                text = terminal.settle()
                common.check(locale != "C" or text.isascii(), "ASCII was asked for")
                golden(f"lanes-selected-{kind}", text)
                terminal.keys("c")
                terminal.wait_for("TCP #0")
                terminal.wait_gone("lanes")


def test_pages():
    with tmux.Terminal(80, 24) as terminal:
        terminal.start(command("replay", "captures/tcp.pcapng"))
        terminal.wait_for("END")
        terminal.keys("j", "j", "j", "j", "j", "j", "Enter")
        terminal.wait_for("Why")
        golden("detail-why-80x24", terminal.settle())
        terminal.keys("Tab", "PageDown", "PageDown")
        terminal.wait_for("Ethernet")
        golden("detail-80x24", terminal.settle())
        terminal.keys("Enter", "?")
        terminal.wait_for("quit")
        golden("help-80x24", terminal.settle())


PRINTS = """
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
def say(who): os.write(1, b"".join(b"%s %06d\\x1b[2J\\n" % (who, n) for n in range(100000)))
if sys.argv[1] == "server":
    s.bind(("127.0.0.1", 7777))
    say(b"mine")
    s.sendto(*s.recvfrom(100))
    s.recv(100)
s.connect(("127.0.0.1", 7777))
s.send(b"now")
say(b"yours")
s.recv(100)
"""


def test_programs_print():
    """On a page of its own, and all of it on standard error, when the screen is gone."""
    folder = common.work_folder()
    (folder / "prints.py").write_text(PRINTS)
    words = ["python3", folder / "prints.py"]
    with tmux.Terminal(80, 24) as terminal:
        terminal.start(command("run", "--", *words, "server", "--and", *words, "client") + f" 2>{folder}/said")
        terminal.wait_for("datagram 3 B")
        terminal.keys("o", "End")
        terminal.wait_for("client: yours 099999\\x1b[2J")
        common.check((folder / "said").read_text() == "", "nothing is told while there is a screen")
        terminal.keys("Escape", "q")
        terminal.wait(lambda: not terminal.program(), "the end")
    lines = (folder / "said").read_text().splitlines()
    for start in "server: mine", "client: yours":
        told = [line for line in lines if line.startswith(start)]
        common.check(told == [f"{start} {n:06}\\x1b[2J" for n in range(100000)], f"{start}: {len(told)} lines")
    common.check(len(lines) == 200000, f"{len(lines)} lines: {lines[-1]}")
    shutil.rmtree(folder)


def test_narrow():
    """Reduced, then a message; never garbage."""
    with tmux.Terminal(80, 24) as terminal:
        terminal.start(command("replay", "captures/tcp.pcapng"))
        terminal.wait_for("END")
        for columns, rows in ((60, 20), (40, 15), (26, 10)):
            terminal.resize(columns, rows)
            text = terminal.settle()
            common.check("►" in text and "│" in text, f"no ladder at {columns}x{rows}:\n{text}")
        terminal.resize(15, 5)
        text = terminal.settle()
        common.check("│" not in text and text.strip(), f"no message at 15x5:\n{text}")
        terminal.resize(80, 24)
        golden("tcp-80x24-utf8", terminal.settle())


def ladder_rows(text):
    """Without title, footer, and what depends on the size of the whole."""
    return [line for line in text.splitlines() if "│" in line]


def test_live_is_replayed():
    """On a screen that all rows fit on: how many there are depends on the scheduler."""
    folder = common.work_folder()
    for scenario in ("tcp", "udp"):
        recording = folder / f"{scenario}.pcapng"
        with tmux.Terminal(120, 60) as terminal:
            terminal.start(command("demo", scenario, "--pace", "0", "-w", recording))
            terminal.wait_for("END")
            live = ladder_rows(terminal.settle())
        with tmux.Terminal(120, 60) as terminal:
            terminal.start(command("replay", recording))
            terminal.wait_for("END")
            again = ladder_rows(terminal.settle())
        common.check(len(live) > 8 and live == again, "\n".join(["live:", *live, "replay:", *again]))


ORDER = ["server: socket", "server: bind", "server: listen", "server: accept", "client: socket", "client: connect"]


def test_step():
    """Each press lets one call go: the ladder is still until the next."""
    with tmux.Terminal(100, 30) as terminal:
        terminal.start(command("demo", "tcp", "--step"))
        for call in ORDER:
            terminal.wait_for(f"next: {call}(")
            common.check("SYN seq=0" not in terminal.text(), "a SYN before connect() was let go")
            terminal.keys("Space")
        terminal.wait_for("SYN-ACK seq=0")
        terminal.keys("r")
        terminal.wait_for("END")
        terminal.keys("q")
        terminal.wait_for(tmux.PROMPT.strip())


def test_step_ahead():
    """As many calls are let go as the space bar was pressed, however early."""
    for keys in (["Space"] * 6, ["Space", "Space", "j", *["Space"] * 4]):
        with tmux.Terminal(100, 40) as terminal:
            terminal.start(command("demo", "tcp", "--step"))
            terminal.wait_for(f"next: {ORDER[0]}(")
            terminal.keys(*keys)
            terminal.wait_for("SYN-ACK seq=0")
            time.sleep(.5)  # one too many would be let go now
            text = terminal.text()
            common.check(f" {len(ORDER)} calls" in text and "lets it go" in text, text)


def test_ways_out():
    """Quit and signals: the terminal as it was, and nothing left behind."""
    for ending in ("q", "C-c", signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGSEGV, signal.SIGKILL):
        with tmux.Terminal(80, 24) as terminal:
            before, flags = terminal.modes(), terminal.flags()
            terminal.start(command("demo", "tcp", "--step", user=False))
            terminal.wait_for("lets it go")
            program = terminal.program()
            family = [program, *tmux.descendants(program)]
            if isinstance(ending, str):
                terminal.keys(ending)
            else:
                terminal.kill(program, ending)
            terminal.wait(lambda: terminal.flags() == flags, f"the old screen after {ending}")
            terminal.wait(lambda: not any(map(tmux.running, family)), f"the end of all after {ending}")
            terminal.keys("Enter")
            common.check(terminal.modes() == before, f"stty differs after {ending}")


def test_suspend():
    with tmux.Terminal(80, 24, shell="bash --norc -i") as terminal:
        terminal.start(command("replay", "captures/tcp.pcapng"))
        terminal.wait_for("END")
        shown = terminal.settle()
        terminal.keys("C-z")
        terminal.wait_gone("END")
        terminal.start("fg")
        terminal.wait_for("END")
        common.check(terminal.settle() == shown, "another screen after fg")


def test_own_description():
    """Root's own terminal description, which nobody else can read."""
    if os.geteuid() != 0:
        print("NOT TESTED, not root: a terminal's description in a closed home")
        return
    with tmux.Terminal(80, 24) as terminal:
        terminal.shell("infocmp tmux-256color | sed s/tmux-256color/own-description/ >own.ti; "
                       "tic -x -o $HOME/.terminfo own.ti; rm own.ti; chmod 700 $HOME")
        terminal.start("TERM=own-description " + command("replay", "captures/tcp.pcapng", user=False)
                       .split("; ", 1)[1].replace("captures/", f"{SOURCE}/captures/"))
        terminal.wait_for("END")


def test_suspend_pipeline():
    """Ctrl-Z stops who writes into the pipe as well, or the shell would wait for them."""
    with tmux.Terminal(80, 24, shell="bash --norc -i") as terminal:
        capture = shlex.quote(str(SOURCE / "captures" / "tcp.pcapng"))
        terminal.start(f"(cat {capture}; exec sleep 1000) | {PROGRAM} -")
        terminal.wait_for("SYN-ACK")
        terminal.settle()
        terminal.keys("C-z")
        terminal.wait_for("Stopped")
        terminal.start("fg")
        terminal.wait_gone("Stopped")
        terminal.wait_for("SYN-ACK")
        terminal.settle()
        terminal.keys("q")
        terminal.wait_gone("SYN-ACK")
        terminal.keys("C-c")


def test_pause_loses_nothing():
    """What comes meanwhile waits."""
    folder, capture = common.work_folder(), (SOURCE / "captures" / "tcp.pcapng").read_bytes()
    (folder / "one").write_bytes(capture[:len(capture) // 2])
    os.mkfifo(folder / "rest")
    with tmux.Terminal(100, 40) as terminal:
        terminal.start(f"cat {folder}/one {folder}/rest | {PROGRAM} -r -")
        terminal.wait(lambda: len(ladder_rows(terminal.text())) > 3, "the first half")
        terminal.keys("p")
        terminal.wait_for("PAUSED")
        paused = terminal.settle()
        (folder / "rest").write_bytes(capture[len(capture) // 2:])
        terminal.wait_for(" events wait")
        common.check(ladder_rows(terminal.settle()) == ladder_rows(paused), "a pause is none")
        terminal.keys("p")
        terminal.wait_for("END")
        common.check("FIN-ACK" in terminal.settle(), "the end is missing")


def test_paced_pause():
    """While it is paused no call is let go: here from the first one on."""
    with tmux.Terminal(100, 40) as terminal:
        terminal.type(command("demo", "tcp", "--pace", "40") + "\np")
        terminal.wait_for("PAUSED")
        time.sleep(.5)
        text = terminal.text()
        common.check(" 0 packets" in text and "()" not in text, text)
        terminal.keys("p")
        terminal.wait_for("END")
        common.check("FIN-ACK" in terminal.settle(), "the end is missing")


# Clears the screen of the terminal that it knows by name, and says so there and to us (in
# pieces, since the command itself stands on the screen when it is typed): when there is a
# file "go", until there is none any more.
SCRIBBLE = (r'cd %s; while ! [ -e go ]; do sleep 0.05; done; printf "\033[2J\033[H%%s%%s" scrib bled >%s && '
            r'echo writ""ten; touch done; while [ -e go ]; do sleep 0.05; done')


def scribble(terminal, *before):
    tty = terminal.tmux("display", "-p", "#{pane_tty}")
    words = [*before, PROGRAM, "run", "--", "sh", "-c", SCRIBBLE % (terminal.folder, tty)]
    terminal.start(shlex.join(words))
    terminal.wait_for("q quit")
    go, done = (pathlib.Path(terminal.folder, name) for name in ("go", "done"))
    go.touch()
    terminal.wait(done.exists, "the scribble")
    return go


def test_terminal_by_name():
    """In their own namespace programs find nothing under the name of our terminal."""
    with tmux.Terminal(80, 24) as terminal:
        go = scribble(terminal)
        common.check("scribbled" not in terminal.settle(), "a program wrote on the screen")
        go.unlink()
        terminal.wait_for("END")
        terminal.keys("q")
        terminal.wait_for("written")


def test_terminal_is_repainted():
    """Where they have none, the screen is painted anew when they have ended."""
    if os.geteuid() != 0:
        print("NOT TESTED, not root: programs in the host's own network")
        return
    with tmux.Terminal(80, 24) as terminal:
        go = scribble(terminal, FORBID, "namespaces")
        terminal.wait_for("scribbled")
        go.unlink()
        terminal.wait_for("END")
        terminal.wait_gone("scribbled")
        common.check("Client" in terminal.text(), "it is not the whole screen")


TESTS = [value for name, value in list(globals().items()) if name.startswith("test_")]

if not tmux.available() or not shutil.which("bash"):
    common.skip("tmux is not installed; the README's test command installs it")
for test in TESTS:
    print(test.__name__, flush=True)
    test()
print(f"{len(TESTS)} passed, 0 failed")

# SPDX-License-Identifier: MIT
"""A real terminal for tests: a shell in a tmux of its own.

    with Terminal(columns=80, rows=24, env={"NO_COLOR": "1"}) as terminal:
        terminal.start("pktladder demo tcp")
        terminal.wait_for("ESTABLISHED")
        terminal.keys("Down", "Enter")
        print(terminal.settle())

Whoever waits for a text that was on the screen before waits for nothing: settle()
waits until all keys were read, and nothing more is going on.

The shell is a plain `sh`, which leaves the terminal's modes alone: what a
program does to them and does not undo, stays to be seen.
"""

import fcntl
import os
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

WAIT = 60.0  # seconds; a slow machine under sanitizers, which does much else
REST = 0.03  # seconds; longer than a frame, after which every change is on the screen
PROMPT = "ready> "


def available():
    """Whether there is a tmux."""
    return shutil.which("tmux") is not None


def program_tested(usage):
    """The absolute path of the first word of the command line, which is taken from it. Ends
    here: skipped, loudly, without tmux; with how to call it where that is no program."""
    if not available():
        print("SKIPPED: there is no tmux here, so that no screen was tested (apt install tmux)",
              file=sys.stderr)
        sys.exit(77)
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit(usage)
    return os.path.abspath(sys.argv.pop(1))


def running(pid):
    """Whether the process is there and not just waiting to be reaped."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children(pid):
    """The processes whose parent is `pid`, oldest first."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            found = file.read().split()
    except OSError:
        return []
    return sorted(filter(running, map(int, found)))


def descendants(pid):
    """Its children and theirs."""
    found = children(pid)
    for child in list(found):
        found += descendants(child)
    return found


def activity(pid):
    """What changes whenever the process does anything; None while it is at it."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            lines = dict(line.split(":", 1) for line in file.read().splitlines())
    except OSError:
        return None
    if lines["State"].split()[0] not in "STZt":
        return None
    return tuple(value for name, value in lines.items() if name.endswith("_ctxt_switches"))


class Timeout(AssertionError):
    """Something did not come to pass in time."""


class Terminal:
    """A shell in a terminal of `columns` x `rows`."""

    def __init__(self, columns=80, rows=24, env=None, term="tmux-256color", shell="sh -i"):
        self.folder = tempfile.mkdtemp(prefix="pktladder-screen-")
        self.socket = os.path.join(self.folder, "tmux")
        self.commands = 0
        self.shell_pid = 0
        environment = {
            "HOME": self.folder,
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "TERM": term,
            "PS1": PROMPT,
            "ENV": "",
        }
        environment.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        environment.update(env or {})
        words = [f"{name}={value}" for name, value in environment.items() if value is not None]
        command = "exec " + shlex.join(["env", "-i", *words]) + " " + shell
        config = os.path.join(self.folder, "config")
        with open(config, "w", encoding="utf-8") as file:
            file.write("set -g status off\nset -g exit-empty on\nset -s escape-time 0\n"
                       "set -g mouse off\nset -g remain-on-exit off\n")
        try:
            self.tmux("-f", config, "new-session", "-d", "-x", str(columns), "-y", str(rows),
                      command)
            pids, self.tty = self.tmux("display", "-p", "#{pane_pid} #{pid}:#{pane_tty}").split(":")
            self.shell_pid, self.server_pid = map(int, pids.split())
            self.wait(lambda: PROMPT.strip() in self.text(), "the shell's prompt")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        """Ends the terminal with everything in it: nothing goes on without one."""
        for pid in [*descendants(self.shell_pid), self.shell_pid] if self.shell_pid else []:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def tmux(self, *arguments):
        """Runs a tmux command; returns what it prints."""
        environment = dict(os.environ, LC_ALL="C.UTF-8")
        environment.pop("TMUX", None)
        done = subprocess.run(["tmux", "-u", "-S", self.socket, *arguments], check=True,
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8")
        return done.stdout.rstrip("\n")

    # what there is to see

    def text(self):
        """The screen, line by line, without trailing spaces."""
        return self.tmux("capture-pane", "-p")

    def ansi(self):
        """The screen with its SGR sequences."""
        return self.tmux("capture-pane", "-p", "-e")

    def flags(self):
        """The modes that a program can leave behind: (alternate screen, cursor, mouse, keypad)."""
        return self.tmux("display", "-p",
                         "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}")

    def wait(self, condition, what, seconds=WAIT):
        """Waits until the condition holds; the screen is in the message where it does not."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise Timeout(f"{what} did not come; the screen is\n{self.text()}")
            time.sleep(0.02)

    def wait_for(self, text, seconds=WAIT):
        """Waits until the text is on the screen, which may be half painted then."""
        self.wait(lambda: text in self.text(), repr(text), seconds)

    def wait_gone(self, text, seconds=WAIT):
        """Waits until the text is no longer on the screen."""
        self.wait(lambda: text not in self.text(), f"the end of {text!r}", seconds)

    def activities(self):
        """What all programs here, and tmux, have done so far; None while one is at it."""
        found = {pid: activity(pid) for pid in [self.server_pid, self.shell_pid, *descendants(self.shell_pid)]}
        return None if None in found.values() else found

    def rested(self):
        """Whether nobody did anything for longer than a frame, and all keys were read."""
        before = self.activities()
        if before is None:
            return False
        time.sleep(REST)
        return self.activities() == before and self.unread() == 0

    def rest(self, seconds=WAIT):
        """Waits until all keys have had their effects, and those are painted. Not for what
        never rests: a playback, packets that come."""
        self.wait(self.rested, "rest", seconds)

    def settle(self, seconds=WAIT):
        """The screen after that, and the same after another rest: what a program wrote may be on
        its way through the kernel while everybody sleeps."""
        before = None
        while True:
            self.rest(seconds)
            now = self.text()
            if now == before:
                return now
            before = now

    # what there is to do

    def keys(self, *names):
        """Presses keys, by tmux's names: "Up", "C-z", "q"."""
        self.tmux("send-keys", *names)

    def type(self, text):
        """Types text, or any bytes, as they are."""
        self.tmux("send-keys", "-l", text)

    def mouse(self, button, x, y):
        """What a terminal sends for a button that is pressed and let go, or for the wheel (64,
        65), at a cell, in whichever way the program asked it for."""
        if self.tmux("display", "-p", "#{mouse_sgr_flag}") == "1":
            sent = [f"\x1b[<{button};{x + 1};{y + 1}{end}" for end in "Mm"]
        else:
            sent = ["\x1b[M" + chr(32 + what) + chr(33 + x) + chr(33 + y) for what in (button, 3)]
        return "".join(sent[:1 if button >= 64 else 2])

    def start(self, command):
        """Types a command and Enter."""
        self.type(command)
        self.keys("Enter")

    def resize(self, columns, rows):
        """Gives the terminal another size, of which the program is told."""
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        self.wait(lambda: self.ioctl(termios.TIOCGWINSZ)[:4] == struct.pack("HH", rows, columns),
                  f"the size of {columns} x {rows}")

    def shell(self, command):
        """Runs a command in the terminal's shell; returns (exit status, what it printed)."""
        self.commands += 1
        short = f"~/command-{self.commands}"  # what is typed scrolls what was there away
        name = os.path.join(self.folder, short[2:])
        self.start(f"{{ {command}; }} >{short} 2>&1; echo $? >{short}.part; mv {short}.part {short}.rc")
        self.wait(lambda: os.path.exists(name + ".rc"), f"the end of {command!r}")
        with open(name, encoding="utf-8", errors="replace") as file:
            output = file.read()
        with open(name + ".rc", encoding="utf-8") as file:
            return int(file.read()), output

    def ioctl(self, request):
        """What the kernel says of the terminal."""
        fd = os.open(self.tty, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            return fcntl.ioctl(fd, request, bytes(8))
        finally:
            os.close(fd)

    def unread(self):
        """How many bytes were typed that nobody has read yet."""
        return int.from_bytes(self.ioctl(termios.FIONREAD)[:4], sys.byteorder)

    def modes(self):
        """The terminal's modes, as stty tells them."""
        return self.shell("stty -g")[1]

    def program(self):
        """The process that the shell has started; 0 where there is none."""
        found = children(self.shell_pid)
        return found[0] if found else 0

    def kill(self, pid, number=signal.SIGTERM):
        """Sends a signal."""
        os.kill(pid, number)

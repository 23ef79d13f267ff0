"""What the tests of the whole program share: running it as an ordinary user,
and reading what it drew."""
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SKIP = 77
USER = "pktladder-test"


def skip(why):
    print(f"SKIPPED, LOUDLY: {why}", file=sys.stderr)
    sys.exit(SKIP)


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            skip(f"{program} is not installed; the README's test command installs it")


def ordinary_user():
    """The words that make a command run without root; none where we are not root."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--create-home", USER], check=True)
    return ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "--no-new-privs"]


def work_folder():
    """A fresh folder that the ordinary user may write to."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="pktladder-"))
    if os.geteuid() == 0 and ordinary_user():
        os.chown(path, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)
    return path


def run(program, *arguments, user=True, env=None, timeout=60, check=True, stdin=subprocess.DEVNULL, **more):
    command = (ordinary_user() if user else []) + [str(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=timeout, stdin=stdin,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}, **more)
    if check and done.returncode != 0:
        print(done.stdout.decode(errors="replace"))
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stderr.decode()}")
    return done


CALL = re.compile(r"\b(socket|bind|listen|accept4?|connect|send(?:to|msg)?|recv(?:from|msg)?|read|"
                  r"write|shutdown|close)\(")


class Ladder:
    """The drawn text taken apart: calls of each side and arrows, in order."""

    def __init__(self, text):
        self.rows = []  # (left gutter, arrow label, direction, right gutter)
        self.sequence = []  # ("client"|"server", call) and (">"|"<", label)
        for line in text.splitlines()[2:]:
            self.row(line)

    def row(self, line):
        found = re.match(r"^(.*?)([│├┝╞◄])(.*)([│┤┥╡►])(.*)$", line)
        if not found:
            raise AssertionError(f"no lifelines in {line!r}")
        left, first, middle, last, right = found.groups()
        label = middle.strip(" ─━╌═×·┄≈►◄├┤│┅┝┥╞╡╍≋~")
        for side, text in (("client", left), ("server", right)):
            for call in CALL.findall(text):
                self.sequence.append((side, call))
        if label:
            direction = ">" if "►" in middle + last else "<"
            self.sequence.append((direction, label))

    def calls(self, side):
        return [what for who, what in self.sequence if who == side]

    def arrows(self):
        return [(who, what) for who, what in self.sequence if who in "<>"]


def check(condition, message):
    if not condition:
        raise AssertionError(message)

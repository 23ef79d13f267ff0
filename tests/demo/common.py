# SPDX-License-Identifier: MIT
"""What the tests of the whole program share: running it as an ordinary user,
and reading what it drew."""
import atexit
import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SKIP = 77
USER = 12345  # nobody's number


def skip_part(why):
    print(f"SKIPPED, LOUDLY: {why}", file=sys.stderr)


def skip(why):
    skip_part(why)
    sys.exit(SKIP)


def others(folder, stand_in):
    """The folder of other people's captures, which lies beside the repository; a clone alone has
    its own only."""
    if folder.is_dir():
        return folder
    skip_part(f"{folder} is not there, {stand_in} stands in for it")
    return stand_in


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            skip(f"{program} is not installed; the README's test command installs it")


def reference(command, capture, ask):
    """What a program that we are held against says of a capture: ask(), as JSON has it. Both suites
    of tests/all.py ask the same, and the second one reads what the first was told."""
    folder = os.environ.get("PKTLADDER_REFERENCES")
    if not folder:
        return ask()
    key = hashlib.sha256("\0".join(command).encode())
    with open(capture, "rb") as file:
        key.update(file.read())
    path = pathlib.Path(folder, key.hexdigest())
    if path.exists():
        return json.loads(path.read_bytes())
    said = ask()
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(said))
    draft.replace(path)
    return said


# Versions of tshark whose verdicts pktladder passes, and that they are compared with.
VERDICTS = ("4.0", "4.4")


def tshark_verdicts():
    """Which of them are those of the tshark that is here, for --verdicts; and all of its version."""
    need("tshark")
    words = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\d+\.\d+[.\d]*\d", words).group()
    verdicts = ".".join(version.split(".")[:2])
    if verdicts not in VERDICTS:
        skip(f"this is tshark {version}; the verdicts known are those of {' and '.join(VERDICTS)}, and "
             "others may differ (docs/CONFORMANCE.md)")
    return verdicts, version


@functools.cache
def setpriv():
    words = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"]
    if subprocess.run([*words, "test", "-x", SOURCE]).returncode != 0:
        sys.exit(f"An ordinary user cannot enter {SOURCE}: run tests/all.py, which opens a way.")
    return words


def ordinary_user():
    """The words that make a command run without root; none where we are not root."""
    return list(setpriv()) if os.geteuid() == 0 else []


def work_folder():
    """A fresh folder that the ordinary user may write to; it goes when the test ends."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="pktladder-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    if os.geteuid() == 0:
        os.chown(path, USER, USER)
    return path


@functools.cache
def spanish_locale():
    """The environment of a Spanish user. The locale is made for this test: what LANGUAGE alone
    asks for, the C library gives in some versions and under some locales only."""
    need("localedef")
    if not pathlib.Path("/usr/share/i18n/locales/es_ES").exists():
        skip("the sources of locales are not installed: apt-get install locales")
    folder = work_folder()
    subprocess.run(["localedef", "-i", "es_ES", "-f", "UTF-8", folder / "es_ES.UTF-8"], check=True)
    folder.chmod(0o755)
    return {"LOCPATH": str(folder), "LC_ALL": "es_ES.UTF-8", "LANGUAGE": ""}


def own_network():
    """Goes on in a network namespace of its own where that may be made: whatever else runs here,
    its ports are free, and nobody else talks on its lo."""
    name = "PKTLADDER_TEST_NETWORK"
    words = ["unshare", "--net", "sh", "-c", f'ip link set lo up && {name}=own exec "$@"', "-"]
    if name not in os.environ and os.geteuid() == 0 and \
            subprocess.run([*words, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        os.execvp(words[0], [*words, sys.executable, *sys.argv])


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
        self.text = text
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

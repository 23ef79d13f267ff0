#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The manual and the shells' completions say what the program takes: both are made from its tables.

    test_manual.py PKTLADDER PKTLADDER-MANUAL"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, MANUAL = sys.argv.pop(1), sys.argv.pop(1)
SOURCE = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = SOURCE / "docs" / "pktladder.1.in"
COMMANDS = ("demo", "run", "live", "replay", "list", "figure", "doctor")


def made(*words):
    return subprocess.run([MANUAL, *words], capture_output=True, text=True)


def taken(command):
    """The options of a command, as its --help has them."""
    text = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  (?:-\w, )?--([a-z-]+)", text, re.M))


class Manual(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = made("man", TEMPLATE).stdout
        cls.options = {command: taken(command) for command in COMMANDS}

    def test_options_of_the_prose_are_there(self):
        known = set.union(*self.options.values()) | {"version", "and"}
        named = re.findall(r"(?:Fl|,) \\-((?:[a-z]|\\?-)+)", TEMPLATE.read_text())
        self.assertGreater(len(named), 20)
        self.assertEqual({word.replace("\\", "") for word in named} - known, set())

    def test_each_option_stands_with_its_commands(self):
        sections = re.split(r"^\.S[sh] (.*)$", self.page, flags=re.M)
        entries = {head.split()[1] if head.startswith("pktladder") else head:
                   set(re.findall(r"^\.It .*Fl \\-((?:[a-z]|\\-)+)", body, re.M))
                   for head, body in zip(sections[1::2], sections[2::2])}
        common = entries["Common options"]
        for command, options in self.options.items():
            own = entries["FIGURES" if command == "figure" else command]
            self.assertEqual({word.replace("\\", "") for word in own | common} >= options, True, command)
            self.assertEqual({word.replace("\\", "") for word in own} - options, set(), command)

    def test_what_a_block_names_is_there(self):
        """What drifts from the tables ends the build, and says where."""
        for change, says in (((r'.\" @ step', r'.\" @ stepp'), "has no \"stepp\""),
                             ((r'.\" @options live', r'.\" @options lives'), "--"),
                             ((r'.\" @keys Everywhere', r'.\" @keys Nowhere'), "Nowhere"),
                             ((r'.\" @keys Everywhere', r'.\" @keys Plots'), "stand in")):
            with tempfile.NamedTemporaryFile("w") as page:
                page.write(TEMPLATE.read_text().replace(*change, 1))
                page.flush()
                result = made("man", page.name)
            self.assertEqual(result.returncode, 1, change)
            self.assertIn(says, result.stderr)

    def test_page_is_sound(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed")
        result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=self.page,
                                capture_output=True, text=True)
        self.assertEqual(result.stdout, "")


class Completion(unittest.TestCase):
    def complete(self, *words):
        script = (made("bash").stdout + 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pktladder; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        return subprocess.run(["bash", "-c", script, "bash", "pktladder", *words], capture_output=True,
                              text=True, check=True, cwd=SOURCE).stdout.split()

    def test_bash(self):
        self.assertEqual(self.complete("fi"), ["figure"])
        self.assertEqual(self.complete("demo", "udp-c"), ["udp-closed"])
        self.assertEqual(self.complete("figure", "x", "--slant", ""), ["none", "schematic", "true"])
        self.assertEqual(self.complete("live", "--inter"), ["--interface"])
        self.assertEqual(self.complete("replay", "READ"), ["README.md"])
        self.assertEqual(self.complete("README.md", "--fol"), ["--fold", "--follow"])
        self.assertEqual(self.complete("figure", "--slant", "=", "s"), ["schematic"])
        self.assertEqual(self.complete("figure", "--slant", "="), ["none", "schematic", "true"])
        self.assertEqual(self.complete("list", "--sort", "-dur"), ["-duration"])
        self.assertIn("python3", self.complete("run", "--", "pyth"))
        self.assertIn("python3", self.complete("run", "--pace", "1", "--", "cat", "x", "--and", "pyth"))
        self.assertEqual(self.complete("run", "--", "cat", "READ"), ["README.md"])
        self.assertEqual(self.complete("run", "--", "cat", "--a"), ["--and"])
        for command in COMMANDS:
            self.assertEqual({word[2:] for word in self.complete(command, "--")}, taken(command))

    def test_every_value_is_taken(self):
        """What a completion offers for an option, the program accepts."""
        offers = re.findall(r"1:(\w+):--([a-z-]+)\S*\) words='([^']+)'", made("bash").stdout)
        self.assertGreater(len(offers), 30)
        capture = SOURCE / "captures" / "tcp.pcapng"
        for command, option, values in offers:
            for value in values.split():
                if command == "figure":
                    more = ["--plot", "sequence"] if value == "xpl" or option == "direction" else []
                    more += ["--format", "svg"] if option != "format" else []
                    words = [capture, "-o", "/dev/null", *more]
                elif command in ("replay", "list"):
                    words = [capture]
                else:
                    words = ["--help"]  # would start something; the table is the same
                if value in ("pdf", "png", "true"):
                    continue  # these need a converter, or a second capture: tests/figures
                result = subprocess.run([PROGRAM, command, *words, f"--{option}", value],
                                        capture_output=True, text=True, stdin=subprocess.DEVNULL)
                self.assertEqual(result.returncode, 0, (command, option, value, result.stderr))

    def test_other_shells(self):
        for shell, check in (("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])):
            text = made(shell).stdout
            for command in COMMANDS:
                self.assertIn(command, text)
            for option in set.union(*map(taken, COMMANDS)):
                self.assertRegex(text, rf"(--|-l ){option}\b")
            if not shutil.which(shell):
                print(f"SKIPPED: {shell} is not installed: what is made for it is not tried")
                continue
            result = subprocess.run(check, input=text, capture_output=True, text=True)
            self.assertEqual((result.returncode, result.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed: its completion is not tried")
    def test_fish(self):
        for line, offers in (("fi", ["figure"]), ("--ver", ["--version"]), ("demo udp-c", ["udp-closed"]),
                             ("figure --slant=s", ["--slant=schematic"]), ("list --sort dur", ["duration"]),
                             ("run -- cat --and tcpdum", ["tcpdump"])):
            result = subprocess.run(["fish", "-c", f"source; complete -C 'pktladder {line}'"], text=True,
                                    input=made("fish").stdout, capture_output=True, check=True)
            self.assertEqual([offer.split("\t")[0] for offer in result.stdout.splitlines()], offers, line)


if __name__ == "__main__":
    unittest.main()

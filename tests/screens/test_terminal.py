#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The screen in a real terminal: it comes back as it was, whatever ends the program.

    test_terminal.py PATH-TO-screen-viewer [unittest's options]
"""

import os
import re
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tmux  # noqa: E402  pylint: disable=wrong-import-position

VIEWER = ""
SHOWN = "FIN-ACK"  # on the screen once the viewer runs
# A terminal that hangs up sends a SIGCONT, which makes LeakSanitizer wait for ever.
NO_LEAKS = {"ASAN_OPTIONS": "detect_leaks=0"}
COLOUR = re.compile(r"\x1b\[(?:[0-9]+;)*3[0-7]m")


class Case(unittest.TestCase):
    """A terminal with the viewer in it."""

    def open(self, *, arguments="", columns=80, rows=24, start=True, **options):
        """Opens the terminal, notes how it is, and starts the viewer."""
        self.terminal = tmux.Terminal(columns, rows, **options)
        self.addCleanup(self.terminal.close)
        self.terminal.shell("stty -echoctl")  # modes that are not everybody's
        self.terminal.start("echo; echo this line was there before")
        self.modes = self.terminal.modes()
        self.flags = self.terminal.flags()
        self.program = self.guardian = 0
        if start:
            self.start(arguments)
        return self.terminal

    def start(self, arguments=""):
        """Starts the viewer and waits for its ladder."""
        self.terminal.start(f"{VIEWER} {arguments} 2>/dev/null")  # a sanitizer's last words
        self.terminal.wait_for(SHOWN)
        self.program = self.terminal.program()
        self.guardian = tmux.children(self.program)[0]
        self.assertNotEqual(self.terminal.flags(), self.flags)

    def assert_restored(self):
        """The terminal is as it was, and nothing of the viewer is left."""
        self.terminal.wait(lambda: self.terminal.flags() == self.flags, "the flags from before")
        self.terminal.wait(lambda: not tmux.running(self.program), "the viewer's end")
        self.terminal.wait(lambda: not tmux.running(self.guardian), "the guardian's end")
        self.terminal.keys("Enter")
        self.terminal.wait_for("this line was there before")
        self.assertNotIn(SHOWN, self.terminal.text())
        self.assertEqual(self.terminal.modes(), self.modes)


class Ends(Case):
    """Every way out."""

    def test_quit(self):
        terminal = self.open()
        terminal.keys("q")
        terminal.wait_for("viewer ends: quit")
        terminal.start("echo status=$?")
        terminal.wait_for("status=0")  # a sanitizer that found something makes it another
        self.assert_restored()

    def test_interrupt_key(self):
        terminal = self.open()
        terminal.keys("C-c")
        terminal.wait_for("viewer ends: Interrupt")
        self.assert_restored()

    def test_signals_taken(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(signal=number.name):
                terminal = self.open()
                terminal.kill(self.program, number)
                terminal.wait_for("viewer ends: ")
                self.assert_restored()

    def test_signals_not_taken(self):
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL,
                       signal.SIGTRAP, signal.SIGSYS, signal.SIGUSR1, signal.SIGALRM,
                       signal.SIGXCPU, signal.SIGPIPE):
            with self.subTest(signal=number.name):
                terminal = self.open()
                terminal.kill(self.program, number)
                self.assert_restored()
                self.assertNotIn("viewer ends", terminal.text())

    def test_crashes(self):
        for key in "XAO":
            with self.subTest(key=key):
                terminal = self.open()
                terminal.keys(key)
                self.assert_restored()
                self.assertNotIn("viewer ends", terminal.text())

    def test_without_guardian(self):
        """The handler alone is enough for a crash, and nobody waits for the guardian."""
        for end in ("A", "q"):
            with self.subTest(end=end):
                terminal = self.open()
                terminal.kill(self.guardian, signal.SIGKILL)
                terminal.keys(end)
                self.assert_restored()

    def test_killed(self):
        terminal = self.open()
        terminal.kill(self.program, signal.SIGKILL)
        self.assert_restored()

    def test_group_killed(self):
        """As a shell's `kill -9 %1` does it: the guardian is not in that group."""
        self.open()
        os.killpg(os.getpgid(self.program), signal.SIGKILL)
        self.assert_restored()

    def test_unknown_real_time_signal(self):
        terminal = self.open()
        terminal.kill(self.program, signal.SIGRTMIN + 3)
        self.assert_restored()

    def test_killed_before_bash(self):
        """A shell that sets modes of its own: the guardian must not undo those."""
        terminal = self.open(shell="bash --norc -i")
        terminal.kill(self.program, signal.SIGKILL)
        self.assert_restored()
        terminal.start("echo sum $((20 + 22))")
        terminal.wait_for("sum 42")
        self.assertEqual(terminal.text().count("echo sum"), 1)  # not echoed twice

    def test_with_child(self):
        """A child that was forked holds the guardian's socket: nothing waits for it."""
        terminal = self.open(arguments="--child")
        terminal.keys("q")
        terminal.wait_for("viewer ends: quit")
        self.assert_restored()
        self.start("--child")
        child = tmux.children(self.program)[1]
        self.addCleanup(os.kill, child, signal.SIGKILL)
        terminal.kill(self.program, signal.SIGKILL)
        self.assert_restored()

    def test_child_crashes(self):
        """Its crash is none of the screen's."""
        terminal = self.open(arguments="--child")
        terminal.kill(tmux.children(self.program)[1], signal.SIGSEGV)
        terminal.wait(lambda: len(tmux.children(self.program)) == 1, "the child's end")
        terminal.keys("n")
        terminal.wait_for("20 packets")
        self.assertNotEqual(terminal.flags(), self.flags)
        terminal.keys("q")
        self.assert_restored()

    def test_terminal_closed(self):
        terminal = self.open(env=NO_LEAKS)
        terminal.tmux("kill-server")
        self.assert_gone()

    def test_terminal_closed_unsaid(self):
        """SIGHUP is ignored (nohup): the terminal itself tells."""
        terminal = self.open(start=False, env=NO_LEAKS)
        terminal.start("trap '' HUP")
        self.start()
        terminal.tmux("kill-server")
        self.assert_gone()

    def assert_gone(self):
        end = time.monotonic() + tmux.WAIT
        while tmux.running(self.program) or tmux.running(self.guardian):
            self.assertLess(time.monotonic(), end, "the viewer goes on without a terminal")
            time.sleep(0.02)

    def test_guardian_keeps_nothing(self):
        self.open()
        folder = f"/proc/{self.guardian}/fd"
        kept = sorted(os.readlink(os.path.join(folder, name)) for name in os.listdir(folder))
        self.assertLessEqual(len(kept), 3, kept)
        self.assertEqual(sum(name.startswith("/dev/pts/") for name in kept), 1, kept)
        self.assertNotEqual(os.getsid(self.guardian), os.getsid(self.program))


class Stops(Case):
    """Ctrl-Z, fg and the like."""

    def stop(self):
        self.terminal.keys("C-z")
        self.terminal.wait(lambda: self.terminal.flags() == self.flags, "the flags from before")

    def resume(self):
        self.terminal.start("fg")
        self.terminal.wait_for(SHOWN)
        self.assertNotEqual(self.terminal.flags(), self.flags)

    def test_stop_and_resume(self):
        terminal = self.open()
        self.stop()
        self.assertEqual(terminal.modes(), self.modes)
        terminal.shell("stty -ixon")  # what the shell sets meanwhile is what comes back
        self.modes = terminal.modes()
        self.resume()
        terminal.keys("n")
        terminal.wait_for("20 packets")
        terminal.keys("q")
        self.assert_restored()

    def test_twice(self):
        terminal = self.open()
        for _ in range(2):
            self.stop()
            self.resume()
        terminal.keys("q")
        self.assert_restored()

    def test_resized_while_stopped(self):
        terminal = self.open()
        self.stop()
        terminal.resize(100, 12)
        self.resume()
        terminal.wait(lambda: terminal.text().splitlines()[-1].startswith("q quit"), "12 rows")
        terminal.keys("q")
        self.assert_restored()

    def test_killed_while_stopped(self):
        """The terminal is the shell's: nobody touches it."""
        terminal = self.open()
        self.stop()
        terminal.shell("stty -ixon")
        self.modes = terminal.modes()
        terminal.kill(self.program, signal.SIGKILL)
        terminal.wait(lambda: not tmux.running(self.guardian), "the guardian's end")
        self.assertEqual(terminal.flags(), self.flags)
        self.assertEqual(terminal.modes(), self.modes)

    def test_stopped_by_force(self):
        """SIGSTOP gives no time to give the terminal back; fg paints it anew."""
        terminal = self.open()
        terminal.kill(self.program, signal.SIGSTOP)
        terminal.wait_for("Stopped")
        terminal.type("fg")
        terminal.keys("C-j")  # the viewer's modes are still set: Enter is no newline
        terminal.wait_gone("Stopped")
        terminal.wait_for("viewer d")
        terminal.keys("n")
        terminal.wait_for("20 packets")
        terminal.keys("q")
        self.assert_restored()

    def test_no_shell_to_go_back_to(self):
        """Where nobody could continue it (an orphaned group), Ctrl-Z stops nothing."""
        terminal = self.open(start=False)
        terminal.start(f"exec {VIEWER}")
        terminal.wait_for(SHOWN)
        terminal.keys("C-z")
        terminal.keys("n")
        terminal.wait_for("20 packets")


class Sizes(Case):
    """The size, and its changes."""

    def test_resize(self):
        terminal = self.open()
        self.assertNotIn("Detail (", terminal.text())
        terminal.resize(120, 40)
        self.assertRegex(terminal.settle(), r"(?s)Detail \(.*source 127.0.0.1")
        terminal.resize(200, 50)
        self.assertIn("│ Detail (", terminal.settle())
        for columns, rows in ((20, 5), (10, 3), (2, 2), (1, 1)):
            terminal.resize(columns, rows)
            text = terminal.settle()
            self.assertTrue(SHOWN not in text and text.strip(), f"no message at {columns} x {rows}")
        self.assertEqual(text.strip(), "!")
        terminal.resize(70, 5)
        self.assertIn("The ladder needs 24 columns and 6 rows; here are 70 and 5.", terminal.settle())
        for columns, rows in ((60, 16), (80, 24)):
            terminal.resize(columns, rows)
            self.assertIn("ACK ack=14", terminal.settle())
        terminal.keys("Home")
        terminal.wait_for("listen(3)")
        terminal.keys("q")
        self.assert_restored()

    def test_quit_while_tiny(self):
        terminal = self.open(columns=80, rows=24)
        terminal.resize(3, 2)
        terminal.wait_gone(SHOWN)
        terminal.keys("q")
        terminal.wait(lambda: terminal.flags() == self.flags, "the flags from before")
        terminal.resize(80, 24)
        self.assertEqual(terminal.modes(), self.modes)

    def test_small_from_the_start(self):
        terminal = self.open(columns=60, rows=5, start=False)
        terminal.start(VIEWER)
        terminal.wait_for("The ladder needs")
        terminal.keys("q")
        terminal.wait(lambda: terminal.flags() == self.flags, "the flags from before")

    def test_old_size_in_environment(self):
        terminal = self.open(env={"LINES": "10", "COLUMNS": "40"})
        lines = terminal.settle().splitlines()
        self.assertTrue(lines[-1].startswith("q quit"))
        self.assertEqual(len(lines), 24)


class Looks(Case):
    """Characters and colours."""

    def test_colours(self):
        for no_color, expected in ((None, True), ("", True), ("1", False)):
            with self.subTest(NO_COLOR=no_color):
                terminal = self.open(env={"NO_COLOR": no_color})
                terminal.rest()
                self.assertEqual(bool(COLOUR.search(terminal.ansi())), expected)
                self.assertIn("\x1b[1m", terminal.ansi())  # without colours, bold still tells

    def test_no_colours_in_terminal(self):
        terminal = self.open(term="vt220")
        terminal.rest()
        self.assertIsNone(COLOUR.search(terminal.ansi()))
        terminal.keys("q")
        terminal.wait_for("viewer ends")
        self.assertEqual(terminal.modes(), self.modes)

    def test_ascii(self):
        for arguments, locale in (("--ascii", "C.UTF-8"), ("", "C"), ("", "POSIX")):
            with self.subTest(arguments=arguments, locale=locale):
                terminal = self.open(arguments=arguments, env={"LC_ALL": locale})
                text = terminal.settle()
                self.assertTrue(text.isascii(), text)
                self.assertIn("viewer dia - bytes", text)
                self.assertIn("->", text)
                terminal.keys("?")
                text = terminal.settle()
                self.assertIn("Up/Down j k", text)
                self.assertTrue(text.isascii(), text)

    def test_utf8(self):
        terminal = self.open()
        text = terminal.settle()
        self.assertIn("viewer día · bytes", text)
        self.assertIn("►", text)

    def test_linux_console(self):
        terminal = self.open(term="linux")
        text = terminal.settle()
        self.assertIn("║", text)
        self.assertNotIn("┃", text)

    def test_errors(self):
        for term, advice in (("dumb", "cannot place its cursor"), ("nonsense", "is not known"),
                             ("", "TERM is not set")):
            with self.subTest(TERM=term):
                terminal = self.open(start=False)
                status, output = terminal.shell(f"TERM={term} {VIEWER} >/dev/tty")
                self.assertEqual(status, 1)
                self.assertIn(advice, output)
                self.assertIn("--text", output)
                self.assertEqual(terminal.flags(), self.flags)
                self.assertEqual(terminal.modes(), self.modes)

    def test_output_is_no_terminal(self):
        terminal = self.open(start=False)
        status, output = terminal.shell(VIEWER)
        self.assertEqual(status, 1)
        self.assertIn("not a terminal", output)


class Keys(Case):
    """Keys and mouse, through the terminal's own sequences."""

    def position(self, text):
        """The footer says which row is selected."""
        self.assertRegex(self.terminal.settle(), rf"\b{text}$")

    def test_keys(self):
        terminal = self.open()
        self.position("19/19")
        for key, position in (("Home", "1/19"), ("Down", "2/19"), ("j", "3/19"), ("Up", "2/19"),
                              ("End", "19/19"), ("PPage", "1/19"), ("NPage", "19/19")):
            terminal.keys(key)
            self.position(position)

    def test_input_is_a_pipe(self):
        """Then the keys come from /dev/tty."""
        terminal = self.open(start=False)
        terminal.start(f"echo q | {VIEWER}")
        terminal.wait_for(SHOWN)
        terminal.keys("Home")
        self.position("1/19")
        terminal.keys("q")
        terminal.wait_for("viewer ends: quit")
        self.assertEqual(terminal.modes(), self.modes)

    def test_escape_sequences_that_nobody_knows(self):
        """Their letters are no keys."""
        terminal = self.open()
        for sequence in ("\x1b[1;99q", "\x1b[200~", "\x1b[?1;2c", "\x1bOq"):
            terminal.type(sequence)
        terminal.keys("Home")
        self.position("1/19")

    def test_escape(self):
        terminal = self.open()
        terminal.keys("?")
        terminal.wait_for("Help (")
        terminal.keys("Escape")
        terminal.wait_gone("Help (")

    def test_mouse(self):
        """Wheel and click, in whichever way the program asked the terminal for."""
        terminal = self.open(rows=12)

        def mouse(button, x, y):
            terminal.type(terminal.mouse(button, x, y))

        terminal.keys("Home")
        self.position("1/19")
        mouse(0, 30, 5)
        self.position("3/19")
        mouse(65, 30, 5)
        mouse(65, 30, 5)
        self.position("7/19")
        mouse(64, 30, 5)
        self.position("7/19")

    def test_redraw(self):
        terminal = self.open()
        tty = f"/proc/{self.guardian}/fd/0"
        with open(tty, "w", encoding="ascii") as file:
            file.write("\x1b[H\x1b[2Jsomebody else writes here")
        terminal.wait_gone(SHOWN)
        terminal.keys("C-l")
        text = terminal.settle()
        self.assertIn(SHOWN, text)
        self.assertNotIn("somebody", text)

    def test_step(self):
        terminal = self.open(arguments="--step")
        terminal.wait_for("Space lets it go")
        terminal.keys("Space")
        terminal.wait_for("20 packets")


if __name__ == "__main__":
    tested = tmux.program_tested(__doc__)
    VIEWER = tested
    unittest.main(verbosity=2)

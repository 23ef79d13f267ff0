#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The HTML figure in Chromium, used as a reader does.

usage: test_html.py PKTLADDER SOURCE [unittest's options]"""
import html.parser
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import browser

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
import common  # noqa: E402

PKTLADDER, SOURCE = os.path.abspath(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1))
CAPTURES = SOURCE / "captures"
TEXT = subprocess.run([PKTLADDER, CAPTURES / "tcp.pcapng", "--text"], check=True, stdin=subprocess.DEVNULL,
                      capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout.decode()
ROWS = len(re.findall(r"^ +\d+\.\d{6} ", TEXT, re.M))
EVIL = (b"</script><script>window.evil=1</script><!--<img src=x onerror=window.evil=2>"
        b"<svg onload=window.evil=3>{{script}}&lt;b&gt;\xe2\x80\xa8'\"`${window.evil=4}]]>")


def figure(folder, name, *arguments, capture=CAPTURES / "tcp.pcapng", env=None):
    """Writes a figure; returns its address."""
    path = pathlib.Path(folder) / name
    subprocess.run([PKTLADDER, "figure", str(capture), "-o", str(path), *arguments], check=True,
                   env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})})
    return path.as_uri()


def checksum(data):
    """RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def datagrams(path, payloads):
    """A pcap of datagrams, a millisecond apart."""
    with open(path, "wb") as file:  # link type 101: raw IP
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for i, payload in enumerate(payloads):
            udp = struct.pack(">HHHH", 4000, 5000, 8 + len(payload), 0) + payload
            head = bytearray(struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), i, 0, 64, 17, 0,
                                         bytes([127, 0, 0, 1]), bytes([127, 0, 0, 1])))
            head[10:12] = struct.pack(">H", checksum(bytes(head)))
            packet = bytes(head) + udp
            file.write(struct.pack("<IIII", 1700000000 + i // 1000, i % 1000 * 1000, len(packet), len(packet)))
            file.write(packet)


class Parser(html.parser.HTMLParser):
    """Which elements are open; each has to be closed."""
    EMPTY = {"meta", "input", "path", "rect", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.EMPTY:
            assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


class Case(unittest.TestCase):
    """A figure in a browser."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pktladder-html-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.page = figure(cls.folder, "tcp.html", "--title", "A TCP connection", "--caption",
                          "Between two programs")
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.size(1300, 900)
        self.browser.media()
        self.browser.open(self.page)
        self.browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)

    def run_js(self, expression):
        """Of the page."""
        return self.browser.run(expression)

    def rows(self):
        """How many are to be seen, which must be the first ones."""
        seen = self.run_js("[...document.querySelectorAll('.rows > .row')].map("
                           "row => getComputedStyle(row).visibility == 'visible')")
        self.assertEqual(seen, sorted(seen, reverse=True))
        return sum(seen)

    def told(self):
        """The heading and the text of what is looked at; nothing else of its kind is shown."""
        texts = self.run_js("[...document.querySelectorAll('.player-details details')].filter("
                            "d => d.getBoundingClientRect().height > 0).map(d => d.innerText)")
        self.assertLessEqual(len(texts), 1)
        return texts[0] if texts else ""

    def assert_at(self, count):
        """All that tells of the place says the same."""
        self.assertEqual(self.rows(), count)
        self.assertEqual(self.run_js("document.querySelector('input').value"), str(count))
        self.assertEqual(self.run_js("document.querySelector('output').value"), f"{count} / {ROWS}")
        self.assertEqual(self.run_js("document.querySelector('input').getAttribute('aria-valuetext')"),
                         f"{count} of {ROWS} rows")
        self.assertTrue(self.told().startswith(f"{count}. ") if count else not self.told())


class Whole(Case):
    """What is there when it opens, and what is not."""

    def test_opens_whole(self):
        self.assert_at(ROWS)
        self.assertEqual(self.run_js("document.title"), "A TCP connection")
        self.assertEqual(self.run_js("document.querySelector('figcaption').textContent"),
                         "Between two programs")
        self.assertEqual(self.browser.complaints(), [])

    def test_needs_nothing_else(self):
        """Not one request but for the page; and its policy would forbid them."""
        self.browser.key("Home")
        self.browser.key(" ")
        time.sleep(0.3)
        self.assertEqual(self.browser.requests(), [self.page])
        answer = self.run_js("fetch('data:text/plain,x').then(() => 'came', () => 'forbidden')")
        self.assertEqual(answer, "forbidden")
        self.run_js("(() => { const s = document.createElement('script'); s.textContent = 'window.evil=5';"
                    "document.body.append(s); })()")
        self.assertIsNone(self.run_js("window.evil"))

    def test_well_formed(self):
        text = pathlib.Path(self.folder, "tcp.html").read_text(encoding="utf-8")
        parser = Parser()
        parser.feed(text)
        parser.close()
        self.assertEqual(parser.open, [])
        self.assertEqual([tag for tag, _ in parser.seen].count("script"), 1)
        for tag, attributes in parser.seen:
            self.assertFalse({"src", "href", "onclick", "onload"} & set(attributes), tag)
        self.assertNotIn("{{", text)
        again = figure(self.folder, "again.html", "--title", "A TCP connection", "--caption",
                       "Between two programs")
        self.assertEqual(pathlib.Path(again[7:]).read_text(encoding="utf-8"), text)

    def test_spanish(self):
        self.browser.open(figure(self.folder, "es.html", env=common.spanish_locale()))
        self.assertEqual(self.run_js("document.documentElement.lang"), "es")
        self.assertEqual(self.run_js("document.querySelector('[data-do=play]').ariaLabel"),
                         "Reproducir")
        self.browser.key("Home")
        self.assertEqual(self.run_js("document.querySelector('input').getAttribute('aria-valuetext')"),
                         f"0 de {ROWS} filas")


class Stepping(Case):
    """Keys, buttons, the slider."""

    def test_keys(self):
        key = self.browser.key
        key("Home")
        self.assert_at(0)
        key("ArrowLeft")
        self.assert_at(0)
        for count in range(1, ROWS + 1):
            key("ArrowRight" if count % 2 else "ArrowDown")
            self.assert_at(count)
        key("ArrowRight")
        self.assert_at(ROWS)
        key("ArrowUp")
        key("ArrowLeft")
        self.assert_at(ROWS - 2)
        key("End")
        self.assert_at(ROWS)

    def test_buttons(self):
        for button, count in (("first", 0), ("next", 1), ("next", 2), ("back", 1), ("last", ROWS),
                              ("next", ROWS), ("back", ROWS - 1)):
            self.browser.click(f"[data-do={button}]")
            self.assert_at(count)

    def test_button_keys(self):
        """The space bar presses the button that has the focus, once."""
        self.run_js("document.querySelector('[data-do=back]').focus()")
        self.browser.key(" ")
        self.assert_at(ROWS - 1)
        self.browser.key("Enter")
        self.assert_at(ROWS - 2)

    def test_slider(self):
        self.run_js("document.querySelector('input').focus()")
        self.browser.key("Home")
        self.assert_at(0)
        self.browser.key("ArrowRight")
        self.assert_at(1)
        self.browser.key("End")
        self.assert_at(ROWS)
        self.browser.click("input[type=range]")  # in its middle
        self.assert_at(ROWS // 2)

    def test_bars(self):
        """A call that waits has waited up to the newest row."""
        def height():
            return float(self.run_js("document.querySelector('#player-clip rect').getAttribute('height')"))
        whole = height()
        self.browser.key("Home")
        self.assertEqual(height(), 0)
        for _ in range(8):
            self.browser.key("ArrowRight")
        self.assertTrue(0 < height() < whole / 2)
        axis = self.run_js("(() => { const b = document.querySelectorAll('.rows > .row')[7].getBBox();"
                           "return b.y + b.height; })()")
        self.assertLess(abs(height() - axis), 6)


class Playing(Case):
    """Play and pause, evenly and as recorded."""

    def speed(self, value):
        self.run_js(f"document.querySelector('select').value = '{value}'")

    def test_even(self):
        self.speed("even 500")
        self.browser.key(" ")
        self.assertEqual(self.run_js("document.querySelector('[data-do=play]').ariaLabel"), "Pause")
        self.assertLess(self.rows(), 3)
        self.browser.wait(lambda: self.rows() == 3)
        self.browser.key(" ")
        self.assertEqual(self.run_js("document.querySelector('[data-do=play]').ariaLabel"), "Play")
        time.sleep(0.8)
        self.assert_at(3)

    def test_recorded(self):
        """The recording takes 1.2 s."""
        self.speed("recorded 1")
        start = time.monotonic()
        self.browser.click("[data-do=play]")
        self.browser.wait(lambda: self.rows() == ROWS)
        self.assertTrue(1.1 < time.monotonic() - start < 8, time.monotonic() - start)
        self.assertEqual(self.run_js("document.querySelector('[data-do=play]').ariaLabel"), "Play")
        self.assert_at(ROWS)

    def test_step_pauses(self):
        self.browser.key(" ")
        self.browser.key("End")
        time.sleep(1.2)
        self.assert_at(ROWS)

    def test_motion(self):
        """A row comes in from its sender; nothing moves for who does not want it."""
        def animation():
            return self.run_js("getComputedStyle(document.querySelectorAll('.rows > .row')[5])"
                               ".animationName")
        def step_to_syn():
            self.browser.key("Home")
            for _ in range(6):
                self.browser.key("ArrowRight")
        step_to_syn()
        self.assertEqual(animation(), "player-right")
        self.browser.media(prefers_reduced_motion="reduce")
        step_to_syn()
        self.assertEqual(animation(), "none")
        self.assert_at(6)


class Details(Case):
    """What a segment says."""

    def test_hover(self):
        self.browser.hover(".row.syn .label")
        self.assertTrue(self.told().startswith("6. SYN seq=0"), self.told())
        self.assertRegex(self.told(), r"seq 0 \(absolute \d{5,}\), payload 0 B")
        self.assertIn("connect(3, 127.0.0.1:5000) = 0", self.told())
        self.browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=2, y=2)
        self.assertTrue(self.told().startswith(f"{ROWS}. "))

    def test_click_stays(self):
        self.browser.click(".row.syn .label")
        self.browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=2, y=2)
        self.assertTrue(self.told().startswith("6. SYN"))
        self.browser.key("Escape")
        self.assertTrue(self.told().startswith(f"{ROWS}. "))

    def test_tap(self):
        self.browser.size(390, 800)
        self.browser.tap(".row.data .label")
        self.browser.wait(lambda: ". data 12 B" in self.told().splitlines()[0])
        self.assertLess(self.run_js("document.documentElement.scrollWidth"), 391)

    def test_focus(self):
        """The rows are one stop for the Tab key; its row is told, and stepping takes it along."""
        stops = self.run_js("document.querySelectorAll('.row[tabindex=\"0\"]').length")
        self.assertEqual(stops, 1)
        self.browser.key("Home")
        self.browser.key("ArrowRight")
        self.run_js("document.querySelector('.row[tabindex=\"0\"]').focus()")
        self.browser.key("ArrowRight")
        self.assert_at(2)
        self.assertEqual(self.run_js("document.activeElement.getAttribute('aria-label')"),
                         self.told().splitlines()[0])

    def test_hidden_says_nothing(self):
        self.browser.key("Home")
        self.browser.hover(".heads")
        self.browser.hover(".row.syn")
        self.assertEqual(self.told(), "")


class Accessible(Case):
    """Roles, names, states."""

    def test_tree(self):
        self.browser.key("Home")
        self.browser.key("ArrowRight")
        nodes = self.browser.call("Accessibility.getFullAXTree")["nodes"]
        found = {}
        for node in nodes:
            if not node.get("ignored"):
                found.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
        speeds = [name for name in found["option"] if not name[0].isdigit() or "slower" in name]
        self.assertEqual(len(speeds), 6)
        self.assertEqual([name for name in found["option"] if name not in speeds],
                         ["1. socket(AF_INET, SOCK_STREAM) = 3"])
        self.assertEqual(found["listbox"], ["Rows of the ladder"])
        self.assertEqual(found["slider"], ["Rows of the ladder"])
        self.assertEqual(found["button"], ["To the start", "A row back", "Play", "A row on", "To the end"])
        self.assertIn("Decoded headers and calls", found["region"])
        self.assertTrue(all(name for role in ("button", "slider", "combobox") for name in found[role]))
        self.assertEqual(self.run_js("document.querySelector('[role=status]').textContent"),
                         "1. socket(AF_INET, SOCK_STREAM) = 3")

    def test_dark(self):
        """Ground and letters change together."""
        def brightness(of, what):
            colour = self.run_js(f"getComputedStyle(document.querySelector('{of}')).{what}")
            return sum(map(int, colour[colour.index("(") + 1:-1].split(",")[:3])) / 3
        for scheme, dark in (("light", False), ("dark", True)):
            self.browser.media(prefers_color_scheme=scheme)
            self.assertEqual(brightness("body", "backgroundColor") < 100, dark)
            self.assertEqual(brightness("body", "color") > 150, dark)
            self.assertEqual(brightness(".paper", "fill") < 100, dark)
            self.assertEqual(brightness(".call", "fill") > 150, dark)


class Paper(Case):
    """Printed: the whole ladder, wherever the player is, and no controls."""

    def test_print(self):
        if not shutil.which("pdftotext"):
            self.skipTest("LOUDLY: there is no pdftotext; the README's test command installs it")
        labels = self.run_js("[...document.querySelectorAll('.row text')].map(t => t.textContent)")
        self.assertGreater(len(labels), 30)
        self.browser.key("Home")
        self.browser.key("ArrowRight")
        path = pathlib.Path(self.folder, "page.pdf")
        path.write_bytes(self.browser.pdf())
        text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True,
                              encoding="utf-8").stdout
        squeezed = "".join(text.split())
        for label in [*labels, "A TCP connection", "Between two programs"]:
            self.assertIn("".join(label.split()), squeezed)
        self.assertNotIn("Speed", text)
        self.assertNotIn("the kernel says", text)
        self.assert_at(1)

    def test_no_scripts(self):
        """The whole ladder, and what each row says can be opened."""
        with browser.Browser(scripts=False) as plain:
            plain.open(self.page)
            state = plain.run("[document.querySelector('.player-on'),"
                              "document.querySelector('.player-controls').hidden,"
                              "[...document.querySelectorAll('.row')].filter("
                              "r => getComputedStyle(r).visibility == 'visible').length,"
                              "[...document.querySelectorAll('details')].filter("
                              "d => d.getBoundingClientRect().height > 10).length]")
            self.assertEqual(state, [None, True, ROWS, ROWS])


class Harmless(Case):
    """What packets and options hold is text."""

    def test_evil_payload(self):
        capture = pathlib.Path(self.folder, "evil.pcap")
        datagrams(capture, [EVIL])
        page = figure(self.folder, "evil.html", "--title", "</title><script>window.evil=9</script>",
                      "--caption", "<img src=http://127.0.0.1:9/x onerror=window.evil=8>{{script}}",
                      "--excerpt", "200", "--name", "127.0.0.1:4000=<b onclick=x>{{svg}}</b>",
                      capture=capture)
        self.browser.open(page)
        self.assertIsNone(self.run_js("window.evil"))
        self.assertEqual(self.browser.requests(), [page])
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.run_js("document.querySelectorAll('script, img, b').length"), 1)
        self.assertEqual(self.run_js("document.title"), "</title><script>window.evil=9</script>")
        label = self.run_js("document.querySelector('.label').textContent")
        self.assertIn("</script><script>window.evil=1</script><!--<img src=x onerror=window.evil=2>", label)
        self.assertIn("{{script}}&lt;b&gt;", label)
        self.browser.hover(".label")
        self.assertIn("1. ", self.told())
        self.assertIn("</script>", self.told())
        self.assertIsNone(self.run_js("window.evil"))
        self.assertIn("{{script}}", self.run_js("document.querySelector('figcaption').textContent"))

    def test_long(self):
        """Two thousand rows are one page that steps as well as twenty."""
        capture = pathlib.Path(self.folder, "long.pcap")
        datagrams(capture, [b"x"] * 2000)
        self.browser.open(figure(self.folder, "long.html", capture=capture))
        for key, count in ("Home", 0), ("ArrowRight", 1), ("End", 2000), ("ArrowLeft", 1999):
            start = time.monotonic()
            self.browser.key(key)
            self.assertEqual(self.run_js("document.querySelector('output').value"), f"{count} / 2000")
            self.assertLess(time.monotonic() - start, 5)


if __name__ == "__main__":
    if not browser.CHROMIUM:
        print("SKIPPED, LOUDLY: there is no Chromium; the README's test command installs it")
        sys.exit(77)
    unittest.main(verbosity=2)

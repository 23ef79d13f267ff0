# SPDX-License-Identifier: MIT
"""Chromium without a window, through its DevTools protocol over a pipe: what a
reader does with an HTML figure, with real keys, mouse and touch.

    with Browser() as browser:
        browser.open("file:///tmp/figure.html")
        browser.key("ArrowRight")
        print(browser.run("document.title"))
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WAIT = 30.0  # seconds; a slow machine
KEYS = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35,
        "Escape": 27, "Enter": 13, "Tab": 9, " ": 32}


class Browser:
    """A browser with one page."""

    def __init__(self, width=1300, height=900, scripts=True):
        self.folder = tempfile.mkdtemp(prefix="pktladder-chromium-")
        self.events, self.number, self.buffer, self.session = [], 0, b"", None
        to_child, self.write = os.pipe()
        self.read, from_child = os.pipe()

        def pipes():
            # 3 and 4 may be among the pipes' own numbers
            inward, outward = os.dup(to_child), os.dup(from_child)
            while inward in (3, 4):
                inward = os.dup(inward)
            while outward in (3, 4):
                outward = os.dup(outward)
            os.dup2(inward, 3)
            os.dup2(outward, 4)

        self.process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--remote-debugging-pipe", "--no-first-run", "--disable-extensions",
             f"--user-data-dir={self.folder}", f"--window-size={width},{height}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=pipes,
            start_new_session=True)
        os.close(to_child)
        os.close(from_child)
        try:
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log"):
                self.call(f"{domain}.enable")
            self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=False)
            self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        """Ends it."""
        os.close(self.write)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.read)
        shutil.rmtree(self.folder, ignore_errors=True)

    # the protocol

    def message(self, end):
        """The next message; they are ended by NULs."""
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read], [], [], max(end - time.monotonic(), 0))
            if not ready:
                raise TimeoutError("the browser says nothing")
            more = os.read(self.read, 1 << 20)
            if not more:
                raise EOFError("the browser has ended")
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, **parameters):
        """A command, and its result."""
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        end = time.monotonic() + WAIT
        while True:
            answer = self.message(end)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    # the page

    def open(self, url):
        """Goes there and waits until it is loaded."""
        self.events.clear()
        self.call("Page.navigate", url=url)
        self.wait(lambda: any(event["method"] == "Page.loadEventFired" for event in self.events))

    def wait(self, condition, seconds=WAIT):
        """Until it holds."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("it did not come to pass")
            time.sleep(0.02)
            self.call("Runtime.evaluate", expression="0")  # takes in events, too

    def run(self, expression):
        """What a JavaScript expression gives."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def key(self, key):
        """Presses a key, by its name in JavaScript."""
        press = {"key": key, "code": "Space" if key == " " else key,
                 "windowsVirtualKeyCode": KEYS[key]}
        if key in (" ", "Enter"):
            press["text"] = "\r" if key == "Enter" else " "
        self.call("Input.dispatchKeyEvent", type="keyDown", **press)
        press.pop("text", None)
        self.call("Input.dispatchKeyEvent", type="keyUp", **press)

    def middle(self, selector):
        """Where the middle of an element is; it is brought into view."""
        return self.run(f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
            e.scrollIntoView({{block: "center", behavior: "instant"}});
            const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()""")

    def hover(self, selector):
        """Moves the mouse there."""
        x, y = self.middle(selector)
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, selector):
        """Clicks there."""
        x, y = self.middle(selector)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left",
                      clickCount=0 if kind == "mouseMoved" else 1)

    def tap(self, selector):
        """Taps there, with a finger."""
        x, y = self.middle(selector)
        self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def media(self, media="", **features):
        """prefers_color_scheme="dark" and the like."""
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": name.replace("_", "-"), "value": value}
                            for name, value in features.items()])

    def size(self, width, height):
        """Of the window."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)

    def pdf(self):
        """The page as it is printed."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=False)["data"])

    def screenshot(self, path):
        """A picture of it, for people."""
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def requests(self):
        """The addresses that were asked for since the page was opened."""
        self.run("0")
        return [event["params"]["request"]["url"] for event in self.events
                if event["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What the console says: errors, and what the page's policy forbade."""
        self.run("0")
        return [event["params"] for event in self.events
                if event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")]

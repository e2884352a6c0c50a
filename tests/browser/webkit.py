"""WebKit, the engine of every browser on an iPhone, driven through Debian's WebKitWebDriver (W3C WebDriver)."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from .service import free_port, until

BROWSER = next(iter(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")), None)
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key that the standard gives to references to elements
WIDTH, HEIGHT = 420, 900


class WebKit:
    """A WebKit browser with one window of a phone's size and a profile that dies with it."""

    def __init__(self):
        screen = ["Xvfb", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-displayfd", "1"]
        self.screen = subprocess.Popen(screen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        display = f":{self.screen.stdout.readline().strip()}"
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env=os.environ | {"DISPLAY": display})
        until(self._is_ready, "WebKit's driver listens")
        options = {"binary": str(BROWSER), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.session = f"/session/{self._ask('POST', '/session', wanted)['sessionId']}"
        self._ask("POST", f"{self.session}/window/rect", {"width": WIDTH, "height": HEIGHT})

    def close(self) -> None:
        """End the browser, its driver and its screen."""
        with suppress(OSError, AssertionError):
            self._ask("DELETE", self.session)
        for process in (self.driver, self.screen):
            process.terminate()
            process.wait(10)

    def open(self, address: str) -> None:
        """Go there."""
        self._ask("POST", f"{self.session}/url", {"url": address})

    def reload(self) -> None:
        """Load the page again from nothing."""
        self._ask("POST", f"{self.session}/refresh", {})

    def run(self, script: str):
        """What a function with this body returns in the page."""
        return self._ask("POST", f"{self.session}/execute/sync", {"script": script, "args": []})

    def shows(self, words: str) -> None:
        """Wait until the page shows these words."""
        try:
            until(lambda: words in self._text(), f"WebKit shows {words!r}")
        except AssertionError as missing:
            raise AssertionError(f"{missing}; it shows: {self._text()}") from None

    def types(self, selector: str, text: str) -> None:
        """Type into the one thing that this selector finds."""
        self._ask("POST", f"{self.session}/element/{self._find(selector)}/value", {"text": text})

    def presses(self, selector: str) -> None:
        """Click the first thing that this selector finds."""
        self._ask("POST", f"{self.session}/element/{self._find(selector)}/click", {})

    def can_go_offline(self) -> None:
        """Wait until everything is here that is needed without a network, and the worker keeps the app."""
        header = "return document.querySelector('sync-status').innerText.trim()"
        until(lambda: self.run(header) == "Sent", "it is ready")
        until(lambda: self.run("return Boolean(navigator.serviceWorker.controller)"), "the worker keeps the app")

    def _text(self) -> str:
        return self.run("return document.body.innerText") or ""

    def _find(self, selector: str) -> str:
        until(lambda: self.run(f"return Boolean(document.querySelector({selector!r}))"), f"there is {selector}")
        return self._ask("POST", f"{self.session}/element", {"using": "css selector", "value": selector})[ELEMENT]

    def _is_ready(self) -> bool:
        with suppress(OSError):
            return self._ask("GET", "/status")["ready"]
        return False

    def _ask(self, method: str, path: str, body: dict | None = None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(json.load(refused)["value"]["message"]) from None

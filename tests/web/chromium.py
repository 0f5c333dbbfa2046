"""A real browser, driven by its DevTools protocol: what a person would see and type, and what its console says."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.e2e.harness import DEADLINE

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--host-resolver-rules=MAP chat.test 127.0.0.1", "--remote-debugging-port=0", "--window-size=800,600",
)  # fmt: skip


class Browser:
    """Chromium without a window, whose files are in `folder`; `flags` are further ones of its command line."""

    def __init__(self, folder: Path, *flags: str) -> None:
        assert PROGRAM is not None
        self._stack = ExitStack()
        log = self._stack.enter_context((folder / "log").open("wb"))
        profile = f"--user-data-dir={folder / 'profile'}"
        self._process = subprocess.Popen(
            [PROGRAM, *_FLAGS, *flags, profile, "about:blank"], stdout=log, stderr=log
        )
        port = folder / "profile" / "DevToolsActivePort"
        end = time.monotonic() + 3 * DEADLINE
        while not (port.exists() and len(lines := port.read_text().splitlines()) == 2):
            assert time.monotonic() < end and self._process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        url = f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        self._ws = self._stack.enter_context(connect(url, max_size=None, ping_interval=None))
        self._count = 0
        self.console: list[str] = []
        """All that any tab's console has said, violations of the page's policy and failed requests among it."""

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """The result of a command."""
        self._count += 1
        command: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        self._ws.send(json.dumps({**command, "sessionId": session} if session else command))
        while True:
            told = json.loads(self._ws.recv(DEADLINE))
            if told.get("id") == self._count:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result
            if told.get("method") in (
                "Runtime.consoleAPICalled",
                "Runtime.exceptionThrown",
                "Log.entryAdded",
            ):
                self.console.append(json.dumps(told["params"]))

    def open(self, url: str, script: str = "") -> Tab:
        """A tab that shows `url`, in which `script` runs before the page's own."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page"):
            self.call(f"{domain}.enable", session)
        tab = Tab(self, session, target)
        self.call("Page.addScriptToEvaluateOnNewDocument", session, source=script)
        self.call("Page.navigate", session, url=url)
        tab.wait("document.readyState === 'complete' && location.href !== 'about:blank'")
        return tab

    def close(self) -> None:
        self._stack.close()
        self._process.kill()
        self._process.wait()


class Tab:
    """A page in a browser."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser, self._session, self._target = browser, session, target

    def js(self, expression: str) -> Any:
        """The value of an expression in the page."""
        told = self._browser.call(
            "Runtime.evaluate", self._session, expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def wait(self, expression: str, wanted: Callable[[Any], bool] = bool) -> Any:
        """The value of an expression once it is what is wanted."""
        end = time.monotonic() + DEADLINE
        while not wanted(value := self.js(expression)):
            assert time.monotonic() < end, f"{expression} is {value!r}; the page: {self.text!r}"
            time.sleep(0.02)
        return value

    @property
    def text(self) -> str:
        """What a person sees."""
        return str(self.js("document.body.innerText"))

    def sees(self, text: str) -> None:
        """Waits until a person sees it."""
        self.wait(f"document.body.innerText.includes({json.dumps(text)})")

    def type(self, line: str) -> None:
        """Types a line where the cursor is."""
        self._browser.call("Input.insertText", self._session, text=line)
        for kind in ("keyDown", "keyUp"):
            self._browser.call(
                "Input.dispatchKeyEvent", self._session, type=kind, key="Enter", code="Enter", text="\r",
                windowsVirtualKeyCode=13,
            )  # fmt: skip

    def close(self) -> None:
        self._browser.call("Target.closeTarget", targetId=self._target)

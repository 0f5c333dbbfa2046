"""A real browser, driven by its DevTools protocol: what a person would see and type, and what its console says."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.e2e.harness import DEADLINE

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--host-resolver-rules=MAP chat.test 127.0.0.1", "--remote-debugging-port=0", "--window-size=1280,800",
)  # fmt: skip


_MODIFIERS = {"Alt": 1, "Ctrl": 2, "Shift": 8}
_CODES = {
    "Enter": 13, "Escape": 27, "Tab": 9, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36,
    "ArrowUp": 38, "ArrowDown": 40, "F1": 112, "F2": 113, "F7": 118, "F8": 119, "Backspace": 8, "Delete": 46,
}  # fmt: skip


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
        self._traced: list[dict[str, Any]] = []
        self._tracing = False
        self.console: list[str] = []
        """All that any tab's console has said, violations of the page's policy and failed requests among it."""

    def send(self, method: str, session: str = "", **params: Any) -> None:
        """Gives a command whose result nobody waits for."""
        self._count += 1
        command: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        self._ws.send(json.dumps({**command, "sessionId": session} if session else command))

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """The result of a command."""
        self.send(method, session, **params)
        while True:
            told = json.loads(self._ws.recv(DEADLINE))
            if told.get("id") == self._count:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result
            self._hear(told)

    def _hear(self, told: dict[str, Any]) -> None:
        """Keeps what is not an answer to a command, if it is worth it."""
        method = told.get("method")
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.console.append(json.dumps(told["params"]))
        elif method == "Tracing.dataCollected":
            self._traced += told["params"]["value"]
        elif method == "Tracing.tracingComplete":
            self._tracing = False

    def hear(self, method: str) -> None:
        """Waits until the browser tells that."""
        while (told := json.loads(self._ws.recv(DEADLINE))).get("method") != method:
            self._hear(told)

    def trace(self, categories: str) -> None:
        """Begins to note what the browser does."""
        self._traced.clear()
        self._tracing = True
        self.call("Tracing.start", traceConfig={"includedCategories": categories.split()})

    def traced(self) -> list[dict[str, Any]]:
        """What it has done since then."""
        self.call("Tracing.end")
        while self._tracing:
            self._hear(json.loads(self._ws.recv(DEADLINE)))
        return self._traced

    def open(self, url: str, script: str = "", *, alone: bool = False, context: str = "") -> Tab:
        """A tab that shows `url`, in which `script` runs before the page's own. `alone`, it shares no storage with
        others; else with those of the same `context`.
        """
        context = self.call("Target.createBrowserContext")["browserContextId"] if alone else context
        about = {"browserContextId": context} if context else {}
        target = self.call("Target.createTarget", url="about:blank", **about)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page"):
            self.call(f"{domain}.enable", session)
        tab = Tab(self, session, target, context if alone else "")
        self.call("Page.addScriptToEvaluateOnNewDocument", session, source=script)
        if url:
            tab.go(url)
        return tab

    def close(self) -> None:
        self._stack.close()
        self._process.kill()
        self._process.wait()


class Tab:
    """A page in a browser."""

    def __init__(self, browser: Browser, session: str, target: str, context: str = "") -> None:
        self._browser, self._session, self._target, self._context = browser, session, target, context

    def go(self, url: str) -> None:
        """Shows another page, or the same one anew."""
        self._browser.call("Page.navigate", self._session, url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def reload(self) -> None:
        """Loads the page anew; its address must have no fragment, to which one only scrolls."""
        self.go(str(self.js("location.href")))

    def forget(self, url: str) -> None:
        """Removes what the browser has stored for the server of `url`."""
        self._browser.call("Storage.clearDataForOrigin", self._session, origin=url, storageTypes="all")

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
        """Types a line where the cursor is, in front of the other tabs."""
        self.front()
        self._browser.call("Input.insertText", self._session, text=line)
        self.press("Enter")

    def press(self, *keys: str) -> None:
        """Presses keys, named as the page names them: `Enter`, `Alt-a`, `Ctrl-PageUp`, `Alt-R`."""
        for name in keys:
            *held, key = name.split("-")
            modifiers = sum(_MODIFIERS[each] for each in held)
            code = key if len(key) > 1 else f"Digit{key}" if key.isdigit() else f"Key{key.upper()}"
            facts: dict[str, Any] = {
                "key": key, "code": code, "modifiers": modifiers | (8 if key.isupper() and len(key) == 1 else 0),
                "windowsVirtualKeyCode": _CODES.get(key) or ord(key[:1].upper()),
            }  # fmt: skip
            text = "\r" if key == "Enter" else key if len(key) == 1 and not held else ""
            self._browser.call("Input.dispatchKeyEvent", self._session, type="keyDown", text=text, **facts)
            self._browser.call("Input.dispatchKeyEvent", self._session, type="keyUp", **facts)

    def click(self, selector: str) -> None:
        """Clicks the middle of the first element that fits, as a mouse does: what covers it is clicked instead."""
        self.wait(f"Boolean(document.querySelector({json.dumps(selector)}))")
        x, y = self.js(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._browser.call(
                "Input.dispatchMouseEvent", self._session, type=kind, x=x, y=y, button="left", clickCount=1
            )

    def scroll(self, selector: str, pixels: int) -> None:
        """Turns the wheel over an element."""
        x, y = self.js(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        self._browser.call(
            "Input.dispatchMouseEvent", self._session, type="mouseWheel", x=x, y=y, deltaX=0, deltaY=pixels
        )

    def resize(self, width: int, height: int, *, phone: bool = False, scale: int = 1) -> None:
        """Gives the tab a size, and makes it that of a phone with a touch screen."""
        self._browser.call(
            "Emulation.setDeviceMetricsOverride", self._session, width=width, height=height,
            deviceScaleFactor=scale, mobile=phone,
        )  # fmt: skip
        self._browser.call("Emulation.setTouchEmulationEnabled", self._session, enabled=phone)

    def prefer(self, **features: str) -> None:
        """What the user's system prefers, as in `color_scheme="dark"`."""
        told = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in features.items()
        ]
        self._browser.call("Emulation.setEmulatedMedia", self._session, features=told)

    def front(self) -> None:
        """Puts the tab in front of the others of its window."""
        self._browser.call("Page.bringToFront", self._session)

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Nobody sees the tab meanwhile, because another one of its window is in front."""
        about = {"browserContextId": self._context} if self._context else {}
        other = self._browser.call("Target.createTarget", url="about:blank", **about)["targetId"]
        self._browser.call("Target.activateTarget", targetId=other)
        yield
        self._browser.call("Target.closeTarget", targetId=other)
        self._browser.call("Target.activateTarget", targetId=self._target)

    def network(self, *, there: bool) -> None:
        """Takes the network away from the tab, or gives it back. Connections that stand go on."""
        self._browser.call("Network.enable", self._session)
        self._browser.call(
            "Network.emulateNetworkConditions", self._session, offline=not there, latency=0,
            downloadThroughput=-1, uploadThroughput=-1,
        )  # fmt: skip

    def crash(self) -> None:
        """Ends the process of the tab, which hears nothing of it."""
        self._browser.call("Target.detachFromTarget", sessionId=self._session)
        session = self._browser.call("Target.attachToTarget", targetId=self._target, flatten=True)[
            "sessionId"
        ]
        self._browser.call("Inspector.enable", session)
        self._browser.send("Page.crash", session)
        self._browser.hear("Inspector.targetCrashed")

    def picture(self, format: str = "png") -> bytes:  # noqa: A002  (as DevTools calls it)
        """What the tab looks like: a `png`, or a `webp` of a quality that shows no loss."""
        about = {} if format == "png" else {"quality": 92}
        told = self._browser.call("Page.captureScreenshot", self._session, format=format, **about)
        return base64.b64decode(told["data"])

    def close_tab(self) -> None:
        """Closes the tab; what it has stored stays, for those that share it."""
        self._browser.call("Target.closeTarget", targetId=self._target)
        self._target = ""

    def close(self) -> None:
        if self._target:
            self.close_tab()
        if self._context:
            self._browser.call("Target.disposeBrowserContext", browserContextId=self._context)

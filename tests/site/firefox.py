"""A Firefox for tests, spoken to by Marionette, the protocol that it has built in."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

PATIENCE = 90  # seconds for Firefox to start, and for a script in it to end
PREFERENCES = {
    "marionette.port": 0,  # any that is free; Firefox says which
    "remote.log.level": "Info",
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


def find_firefox() -> str | None:
    """Return the path of the system's Firefox."""
    return shutil.which("firefox") or shutil.which("firefox-esr")


class Firefox:
    """One window of Firefox."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")
        self._sent = 0
        self._receive()  # it introduces itself
        timeouts = {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000}
        self.version: str = self.send("WebDriver:NewSession", timeouts=timeouts)["capabilities"][
            "browserVersion"
        ]

    def send(self, command: str, **arguments: Any) -> Any:
        """Send a command, and return its result."""
        self._sent += 1
        message = json.dumps([0, self._sent, command, arguments]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        assert error is None, f"{command}: {error}"
        return result

    def _receive(self) -> Any:
        digits = b""
        while (byte := self._file.read(1)) != b":":
            assert byte, "Firefox has closed the connection"
            digits += byte
        return json.loads(self._file.read(int(digits)))

    def open(self, url: str) -> None:
        """Open a page, and wait until it has loaded."""
        self.send("WebDriver:Navigate", url=url)

    def ask(self, expression: str, *args: Any) -> Any:
        """Evaluate an expression in the page; promises are awaited, `args` are its arguments."""
        script = f"const args = arguments; return (async () => {expression})()"
        return self.send("WebDriver:ExecuteScript", script=script, args=list(args))["value"]

    def wait(self, condition: str, *args: Any) -> None:
        """Wait until an expression in the page is true."""
        self.ask(
            f"{{ while (!({condition})) await new Promise(go => requestAnimationFrame(go)) }}",
            *args,
        )

    def type(self, selector: str, keys: str) -> None:
        """Press keys in a field."""
        found = self.send("WebDriver:FindElement", using="css selector", value=selector)["value"]
        (ident,) = found.values()
        self.send("WebDriver:ElementSendKeys", id=ident, text=keys)


@contextmanager
def firefox(path: str, folder: Path) -> Iterator[Firefox]:
    """Start a Firefox with an empty profile in `folder`; OSError if it does not listen."""
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [path, "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "HOME": str(folder)},
    ) as process:
        impatient = threading.Timer(PATIENCE, process.kill)
        impatient.start()
        try:
            port = listening(process)
            impatient.cancel()
            with closing(socket.create_connection(("127.0.0.1", port), 2 * PATIENCE)) as connection:
                browser = Firefox(connection)
                yield browser
                with suppress(AssertionError, OSError):
                    browser.send("Marionette:Quit", flags=["eForceQuit"])
        finally:
            impatient.cancel()
            process.kill()


def listening(process: subprocess.Popen[str]) -> int:
    """Read what Firefox says until it names its port; go on reading, so that it never waits."""
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"Marionette.*Listening on port (\d+)", line):
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return int(found[1])
    raise OSError("".join(said[-5:]) or f"nothing heard in {PATIENCE} s")

"""Debian's Firefox with fake devices, driven by WebDriver BiDi.

Without any output for sound its audio graph never runs, so PulseAudio gives it one that is silent.
"""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

START_SECONDS = 120
ANSWER_SECONDS = 60
PREFERENCES: dict[str, bool | int | str] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "intl.accept_languages": "uk",
    # It looks for nothing outside this machine.
    "app.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
}


class Tab:
    """One tab; scripts run in it as if the person had just pressed something."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self.command("session.new", capabilities={})
        self._context = self.command("browsingContext.getTree")["contexts"][0]["context"]

    def command(self, method: str, **parameters: Any) -> Any:
        """Sends a command and answers its result.

        Raises:
            AssertionError: the browser says that it failed.
        """
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._connection.recv(timeout=ANSWER_SECONDS))
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, url: str) -> None:
        self.command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def take_cookie(self, name: str, value: str, host: str) -> None:
        """Signs in, say, by a cookie of the host."""
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": host}
        self.command("storage.setCookie", cookie=cookie)

    def run(self, expression: str) -> Any:
        """What a JavaScript expression comes to: a string, a number or a truth value."""
        reply = self.command(
            "script.evaluate",
            expression=expression,
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        assert reply["type"] == "success", reply
        return reply["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Waits until the expression is true."""
        until = time.monotonic() + ANSWER_SECONDS
        while not self.run(expression):
            assert time.monotonic() < until, f"{expression}: {self.run('document.body.innerText')}"
            time.sleep(0.1)

    def press(self, name: str) -> None:
        """Presses the first visible button whose name begins so."""
        button = (
            "[...document.querySelectorAll('button')].find((one) => "
            f"one.textContent.trim().startsWith('{name}') && one.getClientRects().length)"
        )
        self.wait_for(f"Boolean({button})")
        self.run(f"{button}.click()")


@contextmanager
def silent_output(folder: Path) -> Iterator[dict[str, str]]:
    """Runs PulseAudio with nothing behind it; the environment of programs that shall use it."""
    socket = folder / "sound"
    home = os.environ | {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    modules = ["module-null-sink", f"module-native-protocol-unix socket={socket} auth-anonymous=1"]
    with (folder / "pulseaudio.log").open("wb") as log:
        process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
             "--disable-shm=yes", *(word for module in modules for word in ("-L", module))],
            stdout=log, stderr=log, env=home,
        )  # fmt: skip
    try:
        yield home | {"PULSE_SERVER": f"unix:{socket}"}
    finally:
        process.terminate()
        process.wait()


@contextmanager
def firefox(folder: Path) -> Iterator[Tab]:
    """Runs Firefox with a new profile in the folder."""
    with silent_output(folder) as environment, _running(folder, environment) as tab:
        yield tab


@contextmanager
def _running(folder: Path, environment: dict[str, str]) -> Iterator[Tab]:
    lines = [f"user_pref({name!r}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join(lines))
    log_file = folder / "firefox.log"
    program = os.environ.get("FIREFOX", "/usr/bin/firefox-esr")
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", folder],
            stdout=log, stderr=log, env=environment,
        )  # fmt: skip
    try:
        with connect(
            f"{_address(process, log_file)}/session", max_size=None, proxy=None
        ) as connection:
            yield Tab(connection)
    finally:
        process.terminate()
        process.wait()


def _address(process: "subprocess.Popen[bytes]", log_file: Path) -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(
            r"BiDi listening on (ws://\S+)", log_file.read_text(errors="replace")
        ):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(log_file.read_text(errors="replace"))

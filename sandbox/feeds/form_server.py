"""A stand-in form server as a process of its own, and its clock."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from sandbox.errors import SandboxError
from sandbox.machine.ports import HOST, choose_port
from sandbox.machine.processes import Daemon

START_SECONDS = 60  # it builds the whole pilot before it answers
ANSWER_SECONDS = 10
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class FormServer:
    """A stand-in form server, running or not.

    Attributes:
        name: What it is called in messages, such as KoboToolbox.
        package: Its package below `sandbox`.
        folder: Where its record, its log and the port of last time lie.
        port: The port it must take; None lets the sandbox choose.
        settings: Gives environment variables for it, secrets among them.
        options: Of its command line.
    """

    name: str
    package: str
    folder: Path
    port: int | None
    settings: Callable[[], Mapping[str, str]]
    options: tuple[str, ...] = ()

    def start(self) -> str:
        """Start the server, or find it running; return its URL without waiting.

        Raises:
            SandboxError: The port is taken.
        """
        settings = self.settings()
        if self._remembered.exists():
            port = int(self._remembered.read_text())
            is_wanted = self.port in (None, port)
            if is_wanted and self._daemon.runs_as(self._command(port), settings):
                return _url(port)
        self._daemon.stop()
        variable = f"{self.package.upper()}_PORT"
        port = choose_port(self.port, self._remembered, variable)
        self._daemon.start(self._command(port), settings)
        return _url(port)

    def wait_until_ready(self, url: str) -> None:
        """Return once the server answers.

        Raises:
            SandboxError: It ended, or did not answer in time.
        """
        one = self._daemon
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if one.find() is None:
                raise SandboxError(
                    f"The stand-in of {self.name} has ended ({one.last_line()}): read "
                    f"{one.log}."
                )
            if _answers(url):
                return
            time.sleep(LOOK_SECONDS)
        raise SandboxError(
            f"The stand-in of {self.name} did not answer at {url} within "
            f"{START_SECONDS} s: read {one.log}."
        )

    def find_running(self) -> str | None:
        """Return the URL of the running server, or None."""
        if not self._remembered.exists() or self._daemon.find() is None:
            return None
        return _url(int(self._remembered.read_text()))

    def stop(self) -> bool:
        """Stop the server; return whether it was running."""
        return self._daemon.stop()

    @property
    def _daemon(self) -> Daemon:
        return Daemon(self.package, self.folder)

    @property
    def _remembered(self) -> Path:
        return self.folder / "port"

    def _command(self, port: int) -> list[str]:
        module = f"sandbox.{self.package}"
        return [sys.executable, "-m", module, "--port", str(port), *self.options]


def set_clock(url: str, now: datetime) -> None:
    """Show the submissions, edits and deletions as they stood at `now`.

    Raises:
        SandboxError: The server did not answer or refused.
    """
    try:
        answer = httpx.post(
            f"{url}/sandbox/clock",
            json={"now": now.isoformat().replace("+00:00", "Z")},
            timeout=ANSWER_SECONDS,
        )
    except httpx.TransportError as error:
        raise SandboxError(
            f"The stand-in form server stopped answering at {url}: run `make status` "
            "to see whether it runs, and `make demo` to start it."
        ) from error
    if not answer.is_success:
        raise SandboxError(
            f"The stand-in form server refused to set its clock to {now:%Y-%m-%d}: "
            f"{answer.text[:200]}"
        )


def _url(port: int) -> str:
    return f"http://{HOST}:{port}"


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/sandbox/requests", timeout=ANSWER_SECONDS).is_success
    except httpx.TransportError:
        return False

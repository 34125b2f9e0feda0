"""The stand-in form server as a process of its own, and its clock."""

import sys
import time
from datetime import datetime

import httpx

from sandbox.errors import SandboxError
from sandbox.feeds.source_hash import KOBO, PILOT, source_hash
from sandbox.machine.home import Home
from sandbox.machine.ports import HOST, choose_port
from sandbox.machine.processes import Daemon

START_SECONDS = 60  # it builds the whole pilot before it answers
ANSWER_SECONDS = 10
LOOK_SECONDS = 0.1
TOKEN_VARIABLE = "SANDBOX_KOBO_TOKEN"  # noqa: S105 - a variable's name
SOURCE_VARIABLE = "SANDBOX_KOBO_SOURCE"


def _daemon(home: Home) -> Daemon:
    """Return the process of the stand-in form server."""
    return Daemon("kobo", home.kobo)


def start(home: Home) -> str:
    """Start the form server, or find it running; return its URL without waiting.

    Raises:
        SandboxError: The port is taken.
    """
    settings = {
        TOKEN_VARIABLE: home.kobo_token(),
        # Nobody reads it: a server of older code has another one, and is replaced.
        SOURCE_VARIABLE: source_hash(*PILOT, *KOBO),
    }
    remembered = home.kobo / "port"
    one = _daemon(home)
    if remembered.exists():
        port = int(remembered.read_text())
        is_wanted = home.kobo_port in (None, port)
        if is_wanted and one.runs_as(_command(port), settings):
            return _url(port)
    one.stop()
    port = choose_port(home.kobo_port, remembered, "KOBO_PORT")
    one.start(_command(port), settings)
    return _url(port)


def wait_until_ready(home: Home, url: str) -> None:
    """Return once the server answers.

    Raises:
        SandboxError: It ended, or did not answer in time.
    """
    one = _daemon(home)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if one.find() is None:
            raise SandboxError(
                f"The stand-in form server has ended ({one.last_line()}): read "
                f"{one.log}."
            )
        if _answers(url):
            return
        time.sleep(LOOK_SECONDS)
    raise SandboxError(
        f"The stand-in form server did not answer at {url} within {START_SECONDS} s: "
        f"read {one.log}."
    )


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


def find_running(home: Home) -> str | None:
    """Return the URL of the running form server, or None."""
    remembered = home.kobo / "port"
    if not remembered.exists() or _daemon(home).find() is None:
        return None
    return _url(int(remembered.read_text()))


def stop(home: Home) -> bool:
    """Stop the form server; return whether it was running."""
    return _daemon(home).stop()


def _command(port: int) -> list[str]:
    return [sys.executable, "-m", "sandbox.kobo", "--port", str(port)]


def _url(port: int) -> str:
    return f"http://{HOST}:{port}"


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/sandbox/requests", timeout=ANSWER_SECONDS).is_success
    except httpx.TransportError:
        return False

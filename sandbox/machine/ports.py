"""Ports of the loopback address: which are free, and which one a server takes."""

import socket
from pathlib import Path

from sandbox.errors import SandboxError

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Return whether nothing listens on `port` of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_port(wanted: int | None, remembered: Path, variable: str) -> int:
    """Return the port to listen on: the wanted, the last one, or a free one.

    Args:
        wanted: The port asked for by the user, if any.
        remembered: File that keeps the port from one start to the next.
        variable: Environment variable to name when the port is taken.

    Raises:
        SandboxError: The wanted port is taken by another program.
    """
    if wanted is not None and not is_free(wanted):
        raise SandboxError(
            f"Port {wanted} is taken by another program: stop that program, or choose "
            f"another port with {variable}=<port>."
        )
    port = wanted or _remembered_port(remembered) or _free_port()
    remembered.parent.mkdir(parents=True, exist_ok=True)
    remembered.write_text(f"{port}\n")
    return port


def _remembered_port(file: Path) -> int | None:
    if not file.exists():
        return None
    port = int(file.read_text())
    return port if is_free(port) else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port

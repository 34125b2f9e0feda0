"""The server's JSON log, line by line: through the server, or from a folder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from warehouse.errors import AuditError

AT_ONCE = 4_000_000  # bytes
LIST = text("""
select name from pg_ls_logdir()
where
    name like '%.json'
    and (cast(:since as timestamptz) is null or modification >= :since)
order by modification
""")
FOLDER = text("select current_setting('log_directory')")
READ = text("select pg_read_binary_file(:path, :start, :size)")
DESTINATION = text("""
select
    current_setting('logging_collector')::boolean
    and current_setting('log_destination') like '%jsonlog%'
    and current_setting('log_timezone') in ('UTC', 'GMT', 'Etc/UTC')
""")


def lines_of_server(connection: Connection, since: datetime | None) -> Iterator[str]:
    """Yield the lines of the server's log files that were written to since then.

    Raises:
        AuditError: The server writes no JSON log in UTC, or this login may not read it.
    """
    try:
        if not connection.execute(DESTINATION).scalar_one():
            raise AuditError(
                "The server writes no JSON log in UTC: set logging_collector = on, "
                "log_destination = 'jsonlog' and log_timezone = 'UTC', and start it "
                "anew."
            )
        folder = connection.execute(FOLDER).scalar_one()
        for file in connection.execute(LIST, {"since": since}).scalars().all():
            yield from _lines(connection, f"{folder}/{file}")
    except ProgrammingError as error:
        raise AuditError(
            "This login may not read the server's log: grant it pg_monitor and "
            "execute on pg_read_binary_file(text, bigint, bigint), or give --logs and "
            "a copy of the folder."
        ) from error


def _lines(connection: Connection, path: str) -> Iterator[str]:
    start, rest = 0, b""
    while True:
        wanted = {"path": path, "start": start, "size": AT_ONCE}
        found = bytes(connection.execute(READ, wanted).scalar_one())
        start += len(found)
        *whole, rest = (rest + found).split(b"\n")
        yield from (line.decode(errors="replace") for line in whole)
        if len(found) < AT_ONCE:
            break
    if rest:
        yield rest.decode(errors="replace")


def lines_of_folder(folder: Path, since: datetime | None) -> Iterator[str]:
    """Yield the same from a folder that this machine has.

    Raises:
        AuditError: It holds no JSON log.
    """
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
    if not files:
        raise AuditError(f"{folder} holds no JSON log: name the folder that does.")
    for file in files:
        written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        if since is None or written_at >= since:
            with file.open(errors="replace") as stream:
                yield from stream

"""The server's JSON log, line by line: through the server, or from a folder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import ProgrammingError

from warehouse.errors import AuditError

AT_ONCE = 4_000_000  # bytes
# A superuser reads the log itself. Whoever set the server up may have made functions
# that read it for others (docker-compose.yml): to let them read files would open all of
# the server's, passwords among them.
HAS_FUNCTIONS = text("select to_regnamespace('server_log') is not null")
LIST = text("""
select name from pg_ls_logdir()
where
    name like '%.json'
    and (cast(:since as timestamptz) is null or modification >= :since)
order by modification
""")
READ = text("""
select
    pg_read_binary_file(current_setting('log_directory') || '/' || :file, :start, :size)
""")
LIST_BY_FUNCTION = text("select server_log.files(:since)")
READ_BY_FUNCTION = text("select server_log.read(:file, :start, :size)")
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
        by_function = connection.execute(HAS_FUNCTIONS).scalar_one()
        files = LIST_BY_FUNCTION if by_function else LIST
        read = READ_BY_FUNCTION if by_function else READ
        for file in connection.execute(files, {"since": since}).scalars().all():
            yield from _lines(connection, read, file)
    except ProgrammingError as error:
        raise AuditError(
            "This login may not read the server's log: let a superuser make the "
            "functions of server_log (warehouse_docs/runbooks/collect_audit.md), or "
            "give --logs and a copy of the folder."
        ) from error


def _lines(connection: Connection, read: TextClause, file: str) -> Iterator[str]:
    start, rest = 0, b""
    while True:
        wanted = {"file": file, "start": start, "size": AT_ONCE}
        # Nothing where the server has taken the file away meanwhile.
        found = bytes(connection.execute(read, wanted).scalar_one() or b"")
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

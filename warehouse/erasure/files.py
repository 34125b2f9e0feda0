"""Files of an erased family: noted with the erasure, removed once it has committed.

A file cannot be taken back by a rollback, so it goes last; until it has gone its row
says so, and the next run of the command tries again.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, text

from warehouse.tables import erasure_files

ATTACHMENTS, PAGES = "attachments", "pages"
# A file is kept once for all records that have the same; another's claim keeps it.
OF_THE_FAMILY = text("""
select distinct files.stored_path
from ops.attachments as files
inner join erased_records as records
    on
        files.form_id = records.form_id
        and files.submission_id = records.submission_id
where
    files.stored_path is not null
    and not exists (
        select from ops.attachments as others
        where
            others.stored_path = files.stored_path
            and others.status_code = 'stored'
            and not exists (
                select from erased_records
                where
                    others.form_id = erased_records.form_id
                    and others.submission_id = erased_records.submission_id
            )
    )
order by files.stored_path
""")
IS_CLAIMED = text("""
select exists (
    select from ops.attachments
    where stored_path = :path and status_code = 'stored'
)
""")


def note_attachments(connection: Connection, erasure_id: int) -> int:
    """Note the stored files that only the family's records have; return how many."""
    paths = connection.execute(OF_THE_FAMILY).scalars().all()
    note_files(connection, erasure_id, ATTACHMENTS, paths)
    return len(paths)


def note_files(
    connection: Connection, erasure_id: int, store: str, paths: Sequence[str]
) -> None:
    """Note files that are to be removed."""
    rows = [
        {"erasure_id": erasure_id, "store_code": store, "path": path} for path in paths
    ]
    if rows:
        connection.execute(insert(erasure_files), rows)


def waiting_files(connection: Connection) -> list[tuple[int, str, str]]:
    """Return erasure, store and path of every file that is still to be removed."""
    columns = erasure_files.c
    query = select(columns.erasure_id, columns.store_code, columns.path)
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def is_claimed(connection: Connection, path: str) -> bool:
    """Return whether another record has come to have the same file."""
    return bool(connection.execute(IS_CLAIMED, {"path": path}).scalar_one())


def forget_file(connection: Connection, store: str, path: str) -> None:
    """Note that a file is gone."""
    connection.execute(
        delete(erasure_files).where(
            erasure_files.c.store_code == store, erasure_files.c.path == path
        )
    )

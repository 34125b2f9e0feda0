"""Taking a family out of frozen releases, which otherwise never change.

What was published of ten families or more stays, and so do its figures: of fewer, a
figure that the family stood behind goes too. What was taken is on record, so that
`verify-release` still tells whether anything else has changed.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, text, update

from warehouse.erasure.named_rows import (
    Counts,
    NamedTable,
    Progress,
    erase_named_rows,
)
from warehouse.erasure.subject import Subject
from warehouse.releases.freezing import INFORMATION
from warehouse.releases.hashing import Content, content_of, quoted
from warehouse.tables import frozen_releases, release_erasures

# Fewer families than these in a published figure tell of each of them.
THRESHOLD = 10
TRIGGER = "release_is_frozen"
FIGURES = "fct_metric_values"
PLACES = "dim_families"

# Every scope that the family was counted in, as the release has it.
SMALL_FIGURES = """
delete from {figures} as figures using {places} as places
where
    places.family_key = :key
    and figures.family_count < :threshold
    and (
        figures.scope_type_code = 'all'
        or (figures.scope_type_code, figures.scope_code) in (
            ('country', places.country_code),
            ('site', places.site_code),
            ('cohort', places.cohort_code)
        )
    )
"""
NOTED = "select table_name, row_count, content_hash from {information}"
RENEW = """
update {information} set row_count = :row_count, content_hash = :content_hash
where table_name = :table_name
"""


def erase_from_releases(
    connection: Connection,
    subject: Subject,
    tables: Sequence[NamedTable],
    erasure_id: int,
    progress: Progress,
) -> Counts:
    """Remove the family from every frozen release; return what was done where.

    Args:
        connection: In the erasure's transaction.
        subject: The family.
        tables: Those of the warehouse; the frozen ones among them are taken.
        erasure_id: Under which it is put on record.
        progress: Told how many tables have been looked at.
    """
    counts: Counts = Counter()
    releases = connection.execute(
        select(frozen_releases.c.release_code, frozen_releases.c.schema_name)
    ).all()
    for release_code, schema in releases:
        mine = [table for table in tables if table.schema == schema]
        _open(connection, mine)
        small = _erase_small_figures(connection, subject, schema, mine)
        found = erase_named_rows(connection, subject, mine, progress)
        if small:
            found[f"{schema}.{FIGURES}", "removed"] += small
        if found:
            _renew(connection, release_code, schema, erasure_id, found)
        _close(connection, mine)
        counts += found
    return counts


def _erase_small_figures(
    connection: Connection, subject: Subject, schema: str, tables: Sequence[NamedTable]
) -> int:
    if subject.key is None or not {FIGURES, PLACES} <= {one.name for one in tables}:
        return 0
    statement = SMALL_FIGURES.format(
        figures=quoted(schema, FIGURES), places=quoted(schema, PLACES)
    )
    values = {"key": subject.key, "threshold": THRESHOLD}
    return connection.execute(text(statement), values).rowcount


def _renew(
    connection: Connection,
    release_code: str,
    schema: str,
    erasure_id: int,
    found: Counts,
) -> None:
    """Note what the tables that lost rows are now, and that it was an erasure."""
    information = quoted(schema, INFORMATION)
    touched = {place.partition(".")[2] for place, _ in found}
    noted = connection.execute(text(NOTED.format(information=information))).all()
    for name, row_count, content_hash in noted:
        if name not in touched:
            continue
        now = _content(connection, schema, name)
        connection.execute(
            text(RENEW.format(information=information)),
            {
                "row_count": now.row_count,
                "content_hash": now.content_hash,
                "table_name": name,
            },
        )
        connection.execute(
            insert(release_erasures).values(
                release_code=release_code,
                erasure_id=erasure_id,
                table_name=name,
                row_count_before=row_count,
                row_count_after=now.row_count,
                content_hash_before=content_hash,
                content_hash_after=now.content_hash,
            )
        )
    connection.execute(
        update(frozen_releases)
        .where(frozen_releases.c.release_code == release_code)
        .values(information_hash=_content(connection, schema, INFORMATION).content_hash)
    )


def _content(connection: Connection, schema: str, table: str) -> Content:
    found = content_of(connection, schema, table)
    assert found is not None  # noqa: S101 - it was just written
    return found


def _open(connection: Connection, tables: Sequence[NamedTable]) -> None:
    _guard(connection, tables, "disable")


def _close(connection: Connection, tables: Sequence[NamedTable]) -> None:
    _guard(connection, tables, "enable")


def _guard(connection: Connection, tables: Sequence[NamedTable], how: str) -> None:
    for table in tables:
        connection.exec_driver_sql(
            f"alter table {table.relation} {how} trigger {TRIGGER}"
        )

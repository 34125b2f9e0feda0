"""Taking a family out of frozen releases, which otherwise never change.

What was published of ten families or more stays. Of what the family stood behind, every
figure of fewer, and every one that `share` hides, is emptied: its row stays, so that
what is hidden beside it stays hidden, and its value is nowhere any more. What was taken
is on record, so that `verify-release` still tells whether anything else has changed.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select, text, update

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
SHARED = "share.metric_values"
# Where it was counted: today's place in the release, and those of its earlier months.
PLACES = ("dim_families", "dim_family_placements")
TOLD = (
    *("value", "numerator", "denominator"),
    *("standard_error", "interval_low", "interval_high"),
)
FIGURE_KEY = (
    *("metric_code", "scope_type_code", "scope_code", "start_month", "end_month"),
    *("panel_code", "statistic_code", "price_code", "outlier_code"),
    *("denominator_code", "category_code", "release_code"),
)

EMPTY_FIGURES = """
update {figures} as figures
set {emptied}
where
    num_nonnulls({told}) > 0
    and ({is_hidden})
    and (
        figures.scope_type_code = 'all'
        or (figures.scope_type_code, figures.scope_code) in ({scopes})
    )
"""
FEW = "figures.family_count < :threshold"
HIDDEN = """
exists (
    select from {shared} as shared
    where shared.is_suppressed and {same_figure}
)
"""
SCOPES = {"country": "country_code", "site": "site_code", "cohort": "cohort_code"}
SCOPE = "select '{scope}', {code} from {places} where family_key = :key"
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
        emptied = _empty_figures(connection, subject, schema, mine)
        found = erase_named_rows(connection, subject, mine, progress)
        if emptied:
            found[f"{schema}.{FIGURES}", "emptied"] += emptied
        if found:
            _renew(connection, release_code, schema, erasure_id, found)
        _close(connection, mine)
        counts += found
    return counts


def _empty_figures(
    connection: Connection, subject: Subject, schema: str, tables: Sequence[NamedTable]
) -> int:
    columns = {one.name: [column.name for column in one.columns] for one in tables}
    places = [name for name in PLACES if name in columns]
    if subject.key is None or FIGURES not in columns or not places:
        return 0
    told = [name for name in TOLD if name in columns[FIGURES]]
    statement = EMPTY_FIGURES.format(
        figures=quoted(schema, FIGURES),
        emptied=", ".join(f"{name} = null" for name in told),
        told=", ".join(f"figures.{name}" for name in told),
        is_hidden=" or ".join([FEW, *_hidden(connection, columns[FIGURES])]),
        scopes=" union ".join(
            SCOPE.format(scope=scope, code=code, places=quoted(schema, name))
            for name in places
            for scope, code in SCOPES.items()
            if code in columns[name]
        ),
    )
    values = {"key": subject.key, "threshold": THRESHOLD}
    return connection.execute(text(statement), values).rowcount


def _hidden(connection: Connection, columns: Sequence[str]) -> list[str]:
    """Return whether `share` hides a figure, as a condition, where there is a share.

    An earlier release may lack a part of a figure's key: all that could be it count.
    """
    if connection.scalar(select(func.to_regclass(SHARED))) is None:
        return []
    same = [f"shared.{name} = figures.{name}" for name in FIGURE_KEY if name in columns]
    return [HIDDEN.format(shared=SHARED, same_figure=" and ".join(same))]


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

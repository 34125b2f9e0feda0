"""What the planner has noted of tables: values of an erased family among them.

Postgres keeps the commonest values of a column, and some of all of them, until it looks
at the table again. Whoever may read the table finds them in `pg_stats`.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from warehouse.erasure.named_rows import escaped
from warehouse.releases.hashing import quoted

# Of tables, too, that the family's rows went from long before.
NOTING = text("""
select distinct schemaname || '.' || tablename
from pg_stats
where
    schemaname !~ '^(pg_|information_schema$)'
    and (
        concat(
            most_common_vals::text, histogram_bounds::text, most_common_elems::text
        ) like any(:like)
        or concat(
            most_common_vals::text, histogram_bounds::text, most_common_elems::text
        ) ~* cast(:typed as text)
    )
""")
# A table that has no rows left is passed over by `analyze`: its notes would stay.
FORGET = text("""
select
    pg_clear_attribute_stats(
        notes.schemaname::text,
        notes.tablename::text,
        notes.attname::text,
        notes.inherited
    )
from pg_stats as notes
where notes.schemaname = :schema and notes.tablename = :table
""")


def note_anew(
    connection: Connection,
    places: Iterable[str],
    called: Sequence[str],
    typed: str | None,
) -> None:
    """Have Postgres look again at whatever it has noted the family of.

    In the transaction of the erasure, so that the old notes go when the rows do.

    Args:
        connection: In the transaction.
        places: Tables that rows are gone from, as `schema.table`.
        called: What tables call the family and its records.
        typed: A regular expression for its code however typed, if there is one.
    """
    like = [f"%{escaped(name)}%" for name in called]
    noting = connection.execute(NOTING, {"like": like, "typed": typed}).scalars()
    for place in sorted({*places, *noting}):
        schema, _, table = place.partition(".")
        relation = quoted(schema, table)
        connection.execute(text(f"analyze {relation}"))
        is_empty = f"select not exists (select from {relation})"  # noqa: S608 - quoted
        if connection.execute(text(is_empty)).scalar_one():
            connection.execute(FORGET, {"schema": schema, "table": table})

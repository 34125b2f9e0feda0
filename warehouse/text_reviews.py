"""The queue of families' own words: a person reads each before any mart shows it.

What a journal says in free words stays in raw. Those texts that the family lets others
see stand in a queue; a person approves them, all or in part, or withholds them. The
mart `fct_reviewed_texts` shows what is approved from the next build on. A review is of
the words as they were: when the record says something else, it is forgotten.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.errors import (
    InsufficientPrivilege,
    InvalidSchemaName,
    UndefinedFunction,
    UndefinedTable,
)
from sqlalchemy import Connection, RowMapping, delete, insert, text
from sqlalchemy.exc import ProgrammingError

from warehouse.errors import TextReviewError
from warehouse.tables import text_reviews

# No row where a review is of these very words.
LIST_WAITING = text("""
select * from ops.texts_to_review() as texts
where not exists (
    select from pii.text_reviews as reviews
    where
        reviews.form_id = texts.form_id
        and reviews.root_id = texts.root_id
        and reviews.field_name = texts.field_name
        and reviews.free_texts_hash = texts.free_texts_hash
)
order by texts.journal_month, texts.root_id, texts.field_name
limit :row_count
""")
FIND_ONE = text("""
select * from ops.texts_to_review()
where root_id = :root_id and field_name = :field_name
""")
# Of other words than the record's newest, or of a record or a family that is gone.
FORGET_OUTDATED = text("""
delete from pii.text_reviews as reviews
where not exists (
    select from ops.texts_to_review() as texts
    where
        reviews.form_id = texts.form_id
        and reviews.root_id = texts.root_id
        and reviews.field_name = texts.field_name
        and reviews.free_texts_hash = texts.free_texts_hash
)
""")
TAKE_BACK = text("select ops.take_text_back(:form_id, :root_id, :field_name)")
NEVER_BUILT = (
    "The warehouse was never built, so no text waits: run `python -m warehouse build` "
    "first."
)
ADVICE = {
    InvalidSchemaName: NEVER_BUILT,
    UndefinedTable: NEVER_BUILT,
    UndefinedFunction: (
        "The warehouse's tables are of an earlier version: run "
        "`python -m warehouse tables` first."
    ),
    InsufficientPrivilege: (
        "This login may not read what waits: use the reviewer's address, which "
        "`python -m warehouse access apply` makes, and after an upgrade run that again "
        "(warehouse_docs/recipes/access.md)."
    ),
}


@dataclass(frozen=True, slots=True)
class WaitingText:
    """One text that waits for a person.

    Attributes:
        form_id: The form.
        root_id: The record.
        field_name: The answer.
        site_code: The family's site in that month.
        story_scope_code: Who may see it: families, public_anon or public_name.
        journal_month: The month it tells of.
        free_texts_hash: Of all that the record says in free words.
        words: The text itself.
        suspected_kinds: What it may hold that identifies somebody; null where nothing
            was found, which proves nothing.
    """

    form_id: str
    root_id: str
    field_name: str
    site_code: str
    story_scope_code: str
    journal_month: date
    free_texts_hash: UUID
    words: str
    suspected_kinds: str | None


def waiting(connection: Connection, row_count: int) -> list[WaitingText]:
    """Return the oldest texts that nobody has decided about, and forget old reviews.

    Raises:
        TextReviewError: The marts were never built.
    """
    with _said_clearly():
        connection.execute(FORGET_OUTDATED)
        rows = connection.execute(LIST_WAITING, {"row_count": row_count}).mappings()
        return [WaitingText(**row) for row in rows]


def approve(  # noqa: PLR0913 - who, what, when
    connection: Connection,
    root_id: str,
    field_name: str,
    *,
    reviewed_by: str,
    at: datetime,
    words: str | None = None,
) -> None:
    """Let a text into the marts, from the next build on.

    Args:
        connection: In the caller's transaction.
        root_id: The record.
        field_name: The answer.
        reviewed_by: Who decided.
        at: When.
        words: What is let out instead of the text, names left out for one.

    Raises:
        TextReviewError: There is no such text, or the marts were never built.
    """
    found = _text_of(connection, root_id, field_name)
    let_out = found["words"] if words is None else words
    decision = {
        "decision_code": "approved",
        "approved_words": let_out,
        "reviewed_by": reviewed_by,
        "reviewed_at": at,
    }
    _write(connection, found, decision)


def withhold(
    connection: Connection,
    root_id: str,
    field_name: str,
    *,
    reviewed_by: str,
    at: datetime,
) -> None:
    """Keep a text out of the marts; one that was approved is gone from them at once.

    Raises:
        TextReviewError: There is no such text, or the marts were never built.
    """
    found = _text_of(connection, root_id, field_name)
    decision = {
        "decision_code": "withheld",
        "reviewed_by": reviewed_by,
        "reviewed_at": at,
    }
    _write(connection, found, decision)
    connection.execute(TAKE_BACK, dict(found))


@contextmanager
def _said_clearly() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        for kind, advice in ADVICE.items():
            if isinstance(error.orig, kind):
                raise TextReviewError(advice) from error
        raise


def _text_of(connection: Connection, root_id: str, field_name: str) -> RowMapping:
    parameters = {"root_id": root_id, "field_name": field_name}
    with _said_clearly():
        found: Sequence[RowMapping] = (
            connection.execute(FIND_ONE, parameters).mappings().all()
        )
    if not found:
        raise TextReviewError(
            f"Record {root_id!r} has no text {field_name!r} that its family lets "
            "others see: `python -m warehouse review-texts list` names those that wait."
        )
    return found[0]


def _write(
    connection: Connection,
    found: RowMapping,
    decision: Mapping[str, object],
) -> None:
    key = {name: found[name] for name in ("form_id", "root_id", "field_name")}
    connection.execute(delete(text_reviews).filter_by(**key))
    connection.execute(
        insert(text_reviews).values(
            **key, free_texts_hash=found["free_texts_hash"], **decision
        )
    )

"""The queue of families' own words: a person reads each before any mart shows it.

What a journal says in free words stays in raw. Those texts that the family lets others
see stand in a queue; a person approves them, all or in part, or withholds them. The
mart `fct_reviewed_texts` shows what is approved from the next build on. A review is of
the words as they were: when the record says something else, it is forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, insert, text

from warehouse.errors import TextReviewError
from warehouse.tables import text_reviews

IS_BUILT = text("select to_regclass('intermediate.int_texts_reviewable') is not null")
FIND_TEXTS = """
select
    texts.form_id,
    texts.root_id,
    texts.field_name,
    texts.site_code,
    texts.story_scope_code,
    texts.journal_month,
    texts.free_texts_hash,
    versions.answers ->> texts.field_name as words,
    (
        select string_agg(found.kind ->> 'kind', ', ' order by found.kind ->> 'kind')
        from jsonb_array_elements(journals.personal_data_kinds) as found (kind)
        where found.kind ->> 'field' = texts.field_name
    ) as suspected_kinds
from intermediate.int_texts_reviewable as texts
inner join staging.stg_forms__journals as journals
    using (form_id, submission_id, version_number)
inner join raw.forms__journals as versions
    using (form_id, submission_id, version_number)
where versions.answers ->> texts.field_name is not null
"""
# No row where a review is of these very words.
LIST_WAITING = text(f"""
{FIND_TEXTS}
and not exists (
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
FIND_ONE = text(f"""
{FIND_TEXTS} and texts.root_id = :root_id and texts.field_name = :field_name
""")
# Of other words than the record's newest, or of a record or a family that is gone.
FORGET_OUTDATED = text("""
delete from pii.text_reviews as reviews
where not exists (
    select from intermediate.int_texts_reviewable as texts
    where
        reviews.form_id = texts.form_id
        and reviews.root_id = texts.root_id
        and reviews.field_name = texts.field_name
        and reviews.free_texts_hash = texts.free_texts_hash
)
""")
TAKE_BACK = text("""
delete from marts.fct_reviewed_texts
where
    text_key = md5(
        concat_ws(
            '/', cast(:form_id as text), cast(:root_id as text),
            cast(:field_name as text)
        )
    )
""")


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
    _check_built(connection)
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


def _check_built(connection: Connection) -> None:
    if not connection.execute(IS_BUILT).scalar_one():
        raise TextReviewError(
            "The warehouse was never built, so no text waits: run "
            "`python -m warehouse build` first."
        )


def _text_of(connection: Connection, root_id: str, field_name: str) -> RowMapping:
    _check_built(connection)
    parameters = {"root_id": root_id, "field_name": field_name}
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

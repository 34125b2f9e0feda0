"""Who reads families' own words: what `reviewer` is given, and what it may not read."""

from datetime import UTC, datetime

import pytest
from psycopg.errors import InsufficientPrivilege

from tests.warehouse.access.conftest import Guarded
from warehouse import text_reviews
from warehouse.connection import open_engine
from warehouse.errors import TextReviewError

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_the_reviewer_reads_what_waits_and_decides(guarded: Guarded) -> None:
    engine = open_engine(guarded.url_of("reviewer"))
    with engine.connect() as connection:
        before = text_reviews.waiting(connection, 100_000)
        first, second = before[:2]
        text_reviews.approve(
            connection, first.root_id, first.field_name, reviewed_by="Ana", at=NOW
        )
        text_reviews.withhold(
            connection, second.root_id, second.field_name, reviewed_by="Ana", at=NOW
        )
        after = text_reviews.waiting(connection, 100_000)
        connection.rollback()
    engine.dispose()

    assert after == before[2:]


def test_what_was_approved_is_gone_from_the_mart_when_it_is_withheld(
    guarded: Guarded,
) -> None:
    ((form_id, root_id, field_name, _),) = guarded.rows(
        "reviewer",
        "select form_id, root_id, field_name, words from ops.texts_to_review() limit 1",
    )
    key = f"md5(concat_ws('/', '{form_id}', '{root_id}', '{field_name}'))"
    guarded.run(
        "insert into marts.fct_reviewed_texts select (json_populate_record("
        f"null::marts.fct_reviewed_texts, json_build_object('text_key', {key}))).*"
    )
    engine = open_engine(guarded.url_of("reviewer"))
    with engine.begin() as connection:
        text_reviews.withhold(
            connection, root_id, field_name, reviewed_by="Ana", at=NOW
        )
    engine.dispose()

    left = guarded.all_rows("select count(*) from marts.fct_reviewed_texts")
    guarded.run("delete from pii.text_reviews")
    assert left == [(0,)]


@pytest.mark.parametrize(
    "relation",
    [
        "pii.family_keys",
        "pii.family_contacts",
        "raw.forms__journals",
        "marts.fct_reviewed_texts",
        "marts.fct_family_months",
        "staging.stg_forms__journals",
        "intermediate.int_texts_reviewable",
    ],
)
def test_the_reviewer_reads_no_table_of_answers(
    guarded: Guarded, relation: str
) -> None:
    with pytest.raises(InsufficientPrivilege):
        guarded.rows("reviewer", f"select * from {relation}")  # noqa: S608 - our own names


@pytest.mark.parametrize("role", ["analyst", "liaison_loma_clara", "publisher"])
def test_nobody_else_reads_what_waits(guarded: Guarded, role: str) -> None:
    engine = open_engine(guarded.url_of(role))
    with engine.connect() as connection, pytest.raises(TextReviewError, match="review"):
        text_reviews.waiting(connection, 1)
    engine.dispose()

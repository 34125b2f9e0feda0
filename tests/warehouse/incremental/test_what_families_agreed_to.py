"""What a family did not agree to is in no mart after the next build.

One build of a copy of the miniature, in which much has happened since the last one:
several families say something else about their data, somebody has read texts, and a
form holds SQL.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.warehouse.incremental.conftest import FAMILIES, BuiltPanel
from tests.warehouse.incremental.panel import Panel
from warehouse import text_reviews
from warehouse.connection import open_engine
from warehouse.errors import TextReviewError

WITHDRAWN, NOT_ABROAD, FROZEN, NO_HEALTH, LEFT, NOT_ASKED, KEPT, _ = FAMILIES
LEFT_OUT = {
    WITHDRAWN: "journal",
    NOT_ABROAD: "cross_border",
    FROZEN: "freeze",
    LEFT: "keep",
}
NOW = datetime(2022, 6, 1, tzinfo=UTC)
SQL_WORDS = "Zoé'); drop table marts.dim_families; -- $$ {{ 1/0 }} \\' % :x \u0027"
STORIES = """
    select journals.root_id, journals.submission_id, journal_month
    from intermediate.int_texts_reviewable as texts
    inner join raw.forms__journals as journals
        using (form_id, submission_id, version_number)
    inner join pii.family_keys using (family_key)
    where
        texts.field_name = 'story_text'
        and journals.answers ->> 'story_text' is not null
        and family_keys.family_code = %s
    order by journal_month, submission_id
"""
FAMILY_COLUMNS = """
    select table_schema, table_name from information_schema.columns
    where
        column_name = 'family_key'
        and (table_schema in ('marts', 'share')
            or (table_schema = 'ops' and table_name = 'data_issues'))
"""


def enrolment_of(panel: Panel, family: str) -> str:
    [row] = panel.rows(
        "select distinct submission_id from raw.forms__enrolments"
        " where answers ->> 'family_code' = %s",
        [family],
    )
    return str(row["submission_id"])


def key_of(panel: Panel, family: str) -> str:
    [row] = panel.rows(
        "select family_key from pii.family_keys where family_code = %s", [family]
    )
    return str(row["family_key"])


class Story:
    """What was read before the build, and where the texts are."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.read, self.changed, self.unread, self.withheld, self.odd = (
            row["root_id"] for row in self._stories(panel)
        )

    @staticmethod
    def _stories(panel: Panel) -> list[dict[str, str]]:
        found = [
            row for family in FAMILIES[5:] for row in panel.rows(STORIES, [family])
        ]
        assert len(found) >= 5
        return found[:5]

    def submission_of(self, root_id: str) -> str:
        [row] = self.panel.rows(
            "select distinct submission_id from raw.forms__journals where root_id = %s",
            [root_id],
        )
        return str(row["submission_id"])


@pytest.fixture(scope="module")
def story(built_panel: BuiltPanel) -> Iterator[Story]:
    with built_panel.copy() as panel:
        story = Story(panel)
        with panel.run():
            odd = story.submission_of(story.odd)
            panel.add_version("journals", odd, {"story_text": SQL_WORDS})
        review(story)
        with panel.run():
            happen(panel, story)
        panel.build()
        yield story


def review(story: Story) -> None:
    engine = open_engine(story.panel.url)
    with engine.begin() as connection:
        for root_id in (story.read, story.changed):
            text_reviews.approve(
                connection, root_id, "story_text", reviewed_by="Ana", at=NOW
            )
        text_reviews.approve(
            connection,
            story.withheld,
            "story_text",
            reviewed_by="Ana",
            at=NOW,
            words="Somebody sold more.",
        )
    engine.dispose()


def happen(panel: Panel, story: Story) -> None:
    def says(family: str, **answers: object) -> None:
        panel.add_version("enrolments", enrolment_of(panel, family), answers)

    says(WITHDRAWN, consents_to_journal=False)
    says(NOT_ABROAD, consents_to_cross_border=None)
    says(NO_HEALTH, consents_to_health=False)
    says(LEFT, consents_to_keep=False)
    says(NOT_ASKED, consents_to_aggregates=None)
    [like] = panel.rows("select submission_id from raw.forms__exits limit 1")
    leaving = {"exit_kind_code": "exit", "exit_date": "2022-05-01"}
    for family, wish in ((FROZEN, "freeze"), (LEFT, None), (KEPT, "keep")):
        panel.pass_seconds(5)
        panel.add_like(
            "exits",
            like["submission_id"],
            {**leaving, "family_code": family, "data_wish_code": wish},
        )
    changed = story.submission_of(story.changed)
    panel.add_version("journals", changed, {"story_text": "Now I tell another."})


def families_in(panel: Panel, schema: str, table: str) -> set[str]:
    query = sql.SQL("select distinct family_key from {}").format(
        sql.Identifier(schema, table)
    )
    with psycopg.connect(panel.url) as connection:
        return {key for (key,) in connection.execute(query)}


def test_a_family_that_is_left_out_is_in_no_table_that_names_families(
    story: Story,
) -> None:
    panel = story.panel
    keys = {key_of(panel, family) for family in LEFT_OUT}
    tables = [
        (row["table_schema"], row["table_name"]) for row in panel.rows(FAMILY_COLUMNS)
    ]
    there = {table for table in tables if keys & families_in(panel, *table)}

    assert len(tables) > 15
    assert there == set()
    assert key_of(panel, KEPT) in families_in(panel, "marts", "fct_family_months")


def test_what_was_left_out_is_counted_by_site_and_never_by_family(story: Story) -> None:
    counted = story.panel.rows("select * from ops.consent_exclusions")
    whole = [
        (row["left_out_reason_code"], row["site_code"], row["family_count"])
        for row in counted
        if row["left_out_reason_code"] in LEFT_OUT.values()
    ]

    assert sorted(whole) == sorted(
        (reason, family[:5], 1) for family, reason in LEFT_OUT.items()
    )
    assert ("aggregates", NOT_ASKED[:5], 1) in {
        (row["left_out_reason_code"], row["site_code"], row["family_count"])
        for row in counted
    }
    assert "family_key" not in counted[0]


def test_answers_that_are_still_in_raw_wait_to_be_erased(story: Story) -> None:
    requests = story.panel.rows("select * from ops.erasure_requests")

    assert {row["family_key"]: row["left_out_reason_code"] for row in requests} == {
        key_of(story.panel, family): reason for family, reason in LEFT_OUT.items()
    }


def test_health_and_children_go_with_their_consent(story: Story) -> None:
    query = """
        select count(*) as all_months, count(ill_member_count) as ill,
            count(school_age_child_count) as children, count(income_local) as incomes
        from marts.fct_family_months where family_key = %s
    """
    [refused] = story.panel.rows(query, [key_of(story.panel, NO_HEALTH)])

    assert (refused["ill"], refused["children"]) == (0, 0)
    assert refused["incomes"] > 5


def test_a_family_that_was_not_asked_is_in_no_figure(story: Story) -> None:
    key = key_of(story.panel, NOT_ASKED)

    counted = story.panel.rows(
        "select distinct release_code from intermediate.int_family_months_consented"
        " where family_key = %s",
        [key],
    )

    assert key in families_in(story.panel, "marts", "fct_family_months")
    # It had agreed when the release was made, and is in what was published.
    assert [row["release_code"] for row in counted] == ["2021-07"]


def test_a_consent_taken_back_is_an_event(story: Story) -> None:
    events = story.panel.rows(
        "select consent_event_code, event_date::text from marts.fct_consent_events"
        " where family_key = %s and consent_code = 'health' order by event_date",
        [key_of(story.panel, NO_HEALTH)],
    )

    assert [row["consent_event_code"] for row in events] == ["granted", "withdrawn"]
    assert events[-1]["event_date"].startswith("2022-06-01")


def test_only_what_was_read_as_it_stands_is_shown(story: Story) -> None:
    shown = story.panel.rows(
        "select approved_words, story_scope_code from marts.fct_reviewed_texts"
    )
    words = {row["approved_words"] for row in shown}

    assert len(shown) == 2
    assert "Somebody sold more." in words
    assert "Now I tell another." not in words


def test_the_queue_lists_what_nobody_read_and_what_changed_since(story: Story) -> None:
    engine = open_engine(story.panel.url)
    with engine.begin() as connection:
        waiting = {
            one.root_id: one.words
            for one in text_reviews.waiting(connection, 1_000)
            if one.field_name == "story_text"
        }
    engine.dispose()

    assert waiting[story.changed] == "Now I tell another."
    assert story.unread in waiting
    assert story.read not in waiting
    # An outdated review is gone, not only hidden.
    assert not story.panel.rows(
        "select from pii.text_reviews where root_id = %s", [story.changed]
    )


def test_words_of_sql_are_words(story: Story) -> None:
    engine = open_engine(story.panel.url)
    with engine.begin() as connection:
        waiting = {
            one.root_id: one.words for one in text_reviews.waiting(connection, 999)
        }
        text_reviews.approve(
            connection, story.odd, "story_text", reviewed_by=SQL_WORDS, at=NOW
        )
        text_reviews.withhold(
            connection, story.odd, "story_text", reviewed_by=SQL_WORDS, at=NOW
        )
    engine.dispose()

    assert waiting[story.odd] == SQL_WORDS
    assert families_in(story.panel, "marts", "dim_families")


def test_withheld_words_are_gone_at_once(story: Story) -> None:
    engine = open_engine(story.panel.url)
    with engine.begin() as connection:
        text_reviews.withhold(
            connection, story.withheld, "story_text", reviewed_by="Ben", at=NOW
        )
    engine.dispose()

    left = story.panel.rows("select approved_words from marts.fct_reviewed_texts")
    assert "Somebody sold more." not in {row["approved_words"] for row in left}


def test_a_text_that_nobody_may_see_cannot_be_approved(story: Story) -> None:
    engine = open_engine(story.panel.url)
    with (
        engine.begin() as connection,
        pytest.raises(TextReviewError, match="has no text 'liaison_note_text'"),
    ):
        text_reviews.approve(
            connection, story.read, "liaison_note_text", reviewed_by="Ana", at=NOW
        )
    engine.dispose()


def test_the_target_folder_holds_no_words(story: Story, tmp_path: Path) -> None:
    assert tmp_path != story.panel.target
    written = [path for path in story.panel.target.rglob("*") if path.is_file()]

    assert written
    assert [path for path in written if b"drop table marts" in path.read_bytes()] == []

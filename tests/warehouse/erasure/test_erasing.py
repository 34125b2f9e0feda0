"""A family is erased in the middle of history, and stays so."""

import json
from pathlib import Path

import psycopg
import pytest

from ingestion.landing import land_form
from sandbox.postgres import Postgres
from tests import search
from tests.warehouse.erasure.conftest import (
    CODE,
    Erased,
    erase,
    in_environment,
)
from tests.warehouse.erasure.planting import OF_ANOTHER, WORDS
from warehouse import releases
from warehouse.connection import open_engine
from warehouse.erasure.receipts import hash_of
from warehouse.errors import ErasureError, WarehouseBusyError
from warehouse.increments.at_work import building

# Where what tells who somebody is was planted, and what is told of it by its key.
TOLD_IN = {
    "raw.forms__enrolments",
    "raw.forms__journals",
    "raw.forms__peer_meetings",
    "raw.forms__investments",
    "raw.forms__exits",
    "pii.family_contacts",
    "pii.family_contacts (statistics)",
    "pii.text_reviews",
    "ops.rejected_records",
    "ops.attachments",
    "marts.fct_reviewed_texts",
    "marts.fct_reviewed_texts (statistics)",
}
NAMED_IN = {
    "pii.family_keys",
    "marts.fct_family_months",
    "ops.built_families",
    "release_2021_07.dim_families",
}


def test_no_table_names_the_family_any_more(erased: Erased) -> None:
    told = {place for place, word in erased.before if word in WORDS}

    assert {word for _, word in erased.before} >= set(WORDS)
    assert told == TOLD_IN
    assert {place for place, _ in erased.before} >= NAMED_IN
    assert erased.found() == set()


def test_no_file_and_no_log_names_it_any_more(
    erased: Erased, postgres_server: Postgres
) -> None:
    attachments, pages = erased.photo.parent, erased.pages[0].parent
    kept = [attachments, pages, postgres_server.data_dir / "log"]

    assert search.in_files(kept, [*erased.names, *WORDS]) == set()
    assert [page for page in erased.pages if page.exists()] == []
    assert (pages / OF_ANOTHER).exists()
    assert erased.done.receipt["page_count"] == len(erased.pages)
    assert erased.said
    assert list(search.in_bytes("\n".join(erased.said).encode(), WORDS)) == []


def test_a_look_says_what_will_go_and_removes_nothing(erased: Erased) -> None:
    assert not erased.look.is_done
    assert erased.look.receipt["tables"] == erased.done.receipt["tables"]
    assert erased.look.leftovers == erased.done.leftovers
    assert {row["table"] for row in erased.look.receipt["tables"]} >= {
        "raw.forms__journals",
        "marts.fct_family_months",
    }


def test_what_its_group_did_stays_without_it(erased: Erased) -> None:
    redacted = {
        row["table"]: row["row_count"]
        for row in erased.done.receipt["tables"]
        if row["what"] == "redacted"
    }
    ((meetings,),) = erased.rows("select count(*) from raw.forms__peer_meetings")
    server_meetings = erased.rows(
        "select count(*) from ops.submission_states"
        " where form_id = 'aMeetingPilot2020Kobo1'"
    )

    assert redacted["raw.forms__peer_meetings"] > 10
    assert meetings >= server_meetings[0][0] > 0


def test_the_household_that_split_off_from_it_stays(erased: Erased) -> None:
    assert erased.look.relatives == (
        "PH-01-0301 split off from it and is a family of its own.",
    )
    assert erased.rows(
        "select count(*) from pii.family_keys where family_code = 'PH-01-0301'"
    ) == [(1,)]


def test_its_own_photo_goes_and_one_that_others_have_stays(erased: Erased) -> None:
    assert not erased.photo.exists()
    assert erased.shared.exists()
    assert erased.done.removed_file_count == 1 + len(erased.pages)
    assert erased.rows("select count(*) from pii.erasure_files") == [(0,)]


KEY = (
    "metric_code, scope_type_code, scope_code, start_month, end_month, panel_code,"
    " statistic_code, price_code, outlier_code, denominator_code, category_code"
)
TOLD = "value, numerator, denominator, standard_error, interval_low, interval_high"
# The release's figures with what was told of them, whether share hides them, and where.
JUDGED = f"""
    select {KEY}, {TOLD}, family_count, shared.is_suppressed
    from release_2021_07.fct_metric_values
    inner join (
        select {KEY}, is_suppressed from share.metric_values
        where release_code = '2021-07'
    ) as shared using ({KEY})
"""  # noqa: S608 - constants
PARTS = 11


def test_frozen_figures_that_are_shown_stay(erased: Erased) -> None:
    told = {row[:PARTS]: row[PARTS:] for row in erased.figures}
    now = erased.rows(JUDGED)
    shown = [row for row in now if not row[-1]]

    assert len(now) == len(erased.figures)
    assert len(shown) > 100
    assert [row for row in shown if told[row[:PARTS]] != row[PARTS:-1]] == []


def test_frozen_figures_of_few_or_hidden_are_emptied_where_it_was_counted(
    erased: Erased,
) -> None:
    mine = {("site", "PH-01"), ("country", "PHL"), ("cohort", "PH-2020")}
    hidden = [row for row in erased.rows(JUDGED) if row[-1] or row[-2] < 10]
    emptied = {row[1:3] for row in hidden if set(row[PARTS:-2]) == {None}}
    of_mine = [row for row in hidden if row[1:3] in mine or row[1] == "all"]

    assert mine <= emptied
    assert [row for row in of_mine if set(row[PARTS:-2]) != {None}] == []
    # Whoever was never counted with it keeps what analysts may read.
    assert [row for row in hidden if row[2] == "MX-01" and row[PARTS] is not None]


def test_the_release_is_as_frozen_less_one_erased_family(erased: Erased) -> None:
    assert releases.verify("2021-07", erased.url) == 4
    assert releases.erased_since("2021-07", erased.url) == 1


def test_the_release_is_closed_again(erased: Erased) -> None:
    with (
        psycopg.connect(erased.url) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="never written again"),
    ):
        connection.execute("delete from release_2021_07.dim_families")


def test_the_receipt_names_nobody_and_cannot_be_changed_unseen(erased: Erased) -> None:
    ((receipt, receipt_hash),) = erased.rows(
        "select receipt, receipt_hash from ops.erasures"
    )

    assert receipt["approved_by"] == "director"
    assert {row["role"] for row in receipt["records"]} >= {"journal", "enrolment"}
    assert not [name for name in erased.names if name in json.dumps(receipt)]
    assert hash_of(receipt) == receipt_hash
    assert hash_of(receipt | {"approved_by": "nobody"}) != receipt_hash


def test_the_form_servers_copies_are_named_with_links(erased: Erased) -> None:
    kinds = {row["what_code"] for row in erased.done.leftovers}
    journals = [
        row
        for row in erased.done.leftovers
        if row["form_id"] == "aJournalPilot2020Kobo1" and row["what_code"] == "record"
    ]

    assert kinds == {"record", "mention"}
    assert len(journals) > 15
    assert all(row["submission_id"] in row["record_url"] for row in journals)


def test_a_full_reload_does_not_bring_it_back(erased: Erased) -> None:
    erased.land(full=True)

    assert erased.found() == set()
    ((left_out, difference),) = erased.rows(
        "select left_out_count, difference_count from ops.reconciliations"
        " where form_id = 'aJournalPilot2020Kobo1' order by checked_at desc limit 1"
    )
    assert left_out > 15
    assert difference == 0


def test_a_sweep_does_not_fetch_it_again(erased: Erased) -> None:
    with in_environment(erased.environment):
        report = land_form("journal")

    assert report.left_out > 15
    assert (report.new, report.changed) == (0, 0)


def test_a_second_time_nothing_is_left_and_no_receipt_is_added(
    erased: Erased, tmp_path: Path
) -> None:
    with in_environment(erased.environment):
        again = erase(erased.url, tmp_path, dry_run=False)

    assert dict(again.receipt) == {}
    assert again.earlier is not None
    assert len(again.leftovers) == len(erased.done.leftovers)
    assert erased.rows("select count(*) from ops.erasures") == [(1,)]


def test_nothing_goes_when_it_is_cut_short(
    erased: Erased, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "warehouse.erasure.receipts.keep_receipt", lambda *_, **__: 1 / 0
    )
    count = "select count(*) from raw.forms__journals"
    before = erased.rows(count)
    with in_environment(erased.environment), pytest.raises(ZeroDivisionError):
        erase(erased.url, tmp_path, dry_run=False, code="PH-01-0002")

    assert erased.rows(count) == before
    assert erased.rows(
        "select count(*) from pii.family_keys where family_code = 'PH-01-0002'"
    ) == [(1,)]


def test_no_build_may_be_at_work_meanwhile(erased: Erased, tmp_path: Path) -> None:
    engine = open_engine(erased.url)
    with (
        in_environment(erased.environment),
        building(engine),
        pytest.raises(WarehouseBusyError, match="wait until it has ended"),
    ):
        erase(erased.url, tmp_path, dry_run=False, code="PH-01-0002")
    engine.dispose()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("PH-01-9999", "No record, table or file names this family"),
        ("ph 01 0002", "if PH-01-0002 is meant"),
        ("PH-01-0002'; drop table raw.forms__journals; --", "no family code"),
        ("%", "no family code"),
        ("", "no family code"),
    ],
)
def test_a_wrong_code_gives_one_clear_sentence(
    code: str, said: str, erased: Erased, tmp_path: Path
) -> None:
    with in_environment(erased.environment), pytest.raises(ErasureError, match=said):
        erase(erased.url, tmp_path, dry_run=False, code=code)


def test_the_code_is_still_that_of_nobody(erased: Erased) -> None:
    assert erased.rows(
        f"select count(*) from pii.family_keys where family_code = '{CODE}'"  # noqa: S608 - a constant
    ) == [(0,)]

"""A build may die between two models; the next one makes good what it left."""

import pytest

from tests.warehouse.incremental.panel import Panel, differing
from warehouse.errors import DbtBuildError

# They build often. What the books say after a build that died is asked by every run of
# the tests, of a small project: `test_refreshes.py`.
pytestmark = pytest.mark.long

# No row may be written from now on; those that are there stay.
BREAK = "alter table marts.fct_loans add constraint broken check (false) not valid"
MEND = "alter table marts.fct_loans drop constraint broken"
# Families with an accepted journal that tells of a loan.
TELLING = """
select distinct
    loans.family_key,
    latest.submission_id as journal_id,
    enrolments.submission_id as enrolment_id
from marts.fct_loans as loans
inner join intermediate.int_journals_latest as latest
    on
        loans.family_key = latest.family_key
        and loans.journal_month = latest.journal_month
        and latest.release_code = 'live'
inner join intermediate.int_enrolments_latest as enrolments
    on
        loans.family_key = enrolments.family_key
        and enrolments.release_code = 'live'
where loans.journal_month = '2021-05-01'
order by 1
"""
HEALTH = "select count(ill_member_count) from marts.fct_family_months"


def test_what_a_build_that_died_had_written_is_written_anew(panel: Panel) -> None:
    before = panel.contents()
    [withdrawn, edited, *_] = panel.rows(TELLING)
    [answered] = panel.rows(HEALTH)
    with panel.run():
        panel.add_version(
            "enrolments", withdrawn["enrolment_id"], {"consents_to_health": False}
        )
        panel.add_version("journals", edited["journal_id"], {"satisfaction_score": 1})
    panel.rows(BREAK)
    with pytest.raises(DbtBuildError, match="fct_loans"):
        panel.build()
    panel.rows(MEND)
    died = panel.contents()
    assert panel.rows(HEALTH)[0]["count"] < answered["count"], "it got that far"
    assert "marts.fct_family_months" in differing(before, died)
    # The family changes its mind, so all is again as the last good build knew it.
    with panel.run():
        panel.add_version(
            "enrolments", withdrawn["enrolment_id"], {"consents_to_health": True}
        )

    assert panel.build().full_refresh_reason is None

    made_good = panel.contents()
    assert panel.rows(HEALTH) == [answered]
    assert panel.last_build()["touched_family_count"] == 2
    panel.build(full_refresh=True)
    assert differing(made_good, panel.contents()) == []


def test_a_build_without_news_touches_no_family_and_puts_back_what_was_dropped(
    panel: Panel,
) -> None:
    before = panel.contents()
    panel.rows("drop table intermediate.int_journals_latest, marts.fct_loans cascade")

    report = panel.build()

    assert report.full_refresh_reason is None
    assert panel.last_build()["touched_family_count"] == 0
    assert differing(before, panel.contents()) == []

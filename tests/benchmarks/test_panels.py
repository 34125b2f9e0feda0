import random
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import orjson
import psycopg
import pytest

from benchmarks.panels.families import families_of
from benchmarks.panels.landing import land_arrivals, land_panel
from benchmarks.panels.records import COLUMNS, Row
from benchmarks.panels.rows import SiteRows, rows_of
from benchmarks.panels.shape import Panel
from benchmarks.panels.templates import Template, Templates

THREE_YEARS = Panel(450)
SHORT = Panel(60, months=6)


@pytest.fixture(scope="module")
def site_rows(templates: Templates) -> SiteRows:
    """Return what the first of three sites sends in three years."""
    site = next(THREE_YEARS.sites(templates.likes))
    return rows_of(THREE_YEARS, site, templates)


def as_dict(row: Row) -> dict[str, Any]:
    return dict(zip(COLUMNS, row, strict=True))


def answers(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(str(as_dict(row)["answers"]))
    return found


def landed(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_panel_is_the_same_every_time_and_another_with_another_seed(
    templates: Templates, site_rows: SiteRows
) -> None:
    site = next(THREE_YEARS.sites(templates.likes))

    assert rows_of(THREE_YEARS, site, templates) == site_rows
    assert rows_of(Panel(450, seed=2), site, templates) != site_rows


def test_every_family_enrols_once_and_sites_grow_in_number_not_in_size(
    templates: Templates,
) -> None:
    sites = list(Panel(1_500).sites(templates.likes))

    assert [site.code for site in sites[:4]] == ["MX-01", "CO-01", "PH-01", "MX-02"]
    assert {site.families for site in sites} == {150}
    assert sum(site.families for site in Panel(20).sites(templates.likes)) == 20
    codes = [site.family_code(place) for site in sites for place in range(150)]
    assert len(set(codes)) == 1_500


def test_months_are_as_many_as_asked_and_all_have_prices() -> None:
    assert (THREE_YEARS.launch_month, THREE_YEARS.last_month) == ("2020-01", "2022-12")
    assert (SHORT.launch_month, SHORT.last_month) == ("2020-07", "2020-12")


def test_families_form_groups_of_five(site_rows: SiteRows) -> None:
    groups = Counter(answers(r)["peer_group_code"] for r in site_rows.rows["enrolment"])

    assert len(groups) == 30
    assert set(groups.values()) == {5}


def test_journals_are_late_missing_edited_and_deleted_in_proportion(
    site_rows: SiteRows,
) -> None:
    journals = [as_dict(row) for row in site_rows.rows["journal"]]
    changes = Counter(one["change_code"] for one in journals)

    assert 0.8 * 150 * 36 < changes["new"] < 0.95 * 150 * 36
    assert 0.005 < changes["edited"] / changes["new"] < 0.02
    assert 0 < changes["deleted"] / changes["new"] < 0.005
    assert all(
        (one["answers"] is None) == (one["change_code"] == "deleted")
        for one in journals
    )


def test_one_per_cent_arrives_later_half_of_it_new(site_rows: SiteRows) -> None:
    changes = Counter(as_dict(row)["change_code"] for row in site_rows.later["journal"])
    there = len(site_rows.rows["journal"])

    assert set(site_rows.later) == {"journal"}
    assert 0.006 < changes.total() / there < 0.014
    assert min(changes["new"], changes["edited"]) > changes.total() / 4


def test_no_two_families_of_a_site_tell_the_same_of_one_month(
    templates: Templates,
) -> None:
    site = next(THREE_YEARS.sites(templates.likes))
    histories = templates.countries[site.prefix].histories
    families = list(
        families_of(THREE_YEARS, site, len(histories), random.Random(1))  # noqa: S311 - nothing here is secret
    )
    for month in range(THREE_YEARS.months):
        told = [
            (one.history, (month + one.offset) % len(histories[one.history].journals))
            for one in families
        ]
        assert len(set(told)) == len(families)


def test_a_template_says_the_head_anew_and_scales_amounts_only() -> None:
    template = Template.of(
        {
            "family_code": "MX-01-0001",
            "saved_local": 40,
            "note_text": "10 % more",
            "income_sources": [{"gross_local": 100, "earner_code": "adult"}],
            "given_hours": 4,
        },
        ("family_code",),
    )

    assert orjson.loads(template.written(("CO-01-0002",), 1.5)) == {
        "family_code": "CO-01-0002",
        "saved_local": 60,
        "note_text": "10 % more",
        "income_sources": [{"gross_local": 150, "earner_code": "adult"}],
        "given_hours": 4,
    }


def test_what_is_landed_is_what_was_made(
    templates: Templates, empty_warehouse: str
) -> None:
    counted = land_panel(empty_warehouse, SHORT, templates).rows

    assert landed(
        empty_warehouse,
        "select (select count(*) from raw.forms__journals), "
        "(select count(*) from raw.forms__peer_meetings), "
        "(select count(*) from pii.family_keys)",
    ) == [(counted["journal"], counted["peer_meeting"], 60)]
    (code, day, text) = landed(
        empty_warehouse,
        "select answers ->> 'family_code', received_at, payload::text "
        "from raw.forms__journals order by received_at limit 1",
    )[0]
    assert re.fullmatch(r"(MX|CO|PH)-01-\d{4}", code)
    assert f"{day:%Y-%m}" == "2020-08"
    assert text == "{}"


def test_memory_holds_one_site_however_many_there_are(
    templates: Templates, empty_warehouse: str
) -> None:
    panel, twice = Panel(450, months=2), Panel(900, months=2)
    held = [
        max(
            sum(map(len, rows_of(one, site, templates).rows.values()))
            for site in one.sites(templates.likes)
        )
        for one in (panel, twice)
    ]
    counted = land_panel(empty_warehouse, twice, templates)

    assert counted.most_rows_held == held[1] < 1.2 * held[0]
    assert counted.most_rows_held < sum(counted.rows.values()) / 5


def test_a_build_is_told_of_what_landed_and_then_of_what_arrived(
    templates: Templates, empty_warehouse: str
) -> None:
    runs = (
        "select distinct run_id from raw.forms__journals"
        " intersect select run_id from ops.sync_runs where status_code = 'succeeded'"
    )
    panel = Panel(60, months=12)
    land_panel(empty_warehouse, panel, templates)
    first = landed(empty_warehouse, runs)
    land_arrivals(empty_warehouse, panel, templates)

    assert len(first) == 1
    assert len(landed(empty_warehouse, runs)) == 2


def test_edits_that_arrive_later_follow_the_version_that_is_there(
    templates: Templates, empty_warehouse: str
) -> None:
    panel = Panel(60, months=12)
    before = land_panel(empty_warehouse, panel, templates).rows["journal"]
    arrived = land_arrivals(empty_warehouse, panel, templates).rows["journal"]

    versions = landed(
        empty_warehouse,
        "select submission_id, version_number, known_at from raw.forms__journals "
        "order by submission_id, version_number",
    )
    assert len(versions) == before + arrived
    assert arrived > 0
    for (one, number, known_at), (another, following, later) in pairwise(versions):
        if one == another:
            assert following == number + 1
            assert later > known_at
        else:
            assert following == 1

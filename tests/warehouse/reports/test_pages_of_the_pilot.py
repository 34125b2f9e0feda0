"""The pages of the pilot's groups: the marts' figures by a second way, and no more."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from reports import GroupPages, build_group_pages
from tests.warehouse.conftest import Warehouse

LEAST = 3
NAMES = {"savings": 0, "given": 1, "received": 2}
TOTALS = """
    select
        peer_group_code,
        journal_month,
        savings_balance_local,
        given_local,
        received_local
    from marts.fct_family_months
    where peer_group_code is not null and journal_status_code in ('on_time', 'late')
"""
BLOCK = re.compile(r'<section class="block" id="([\w-]+)">(.*?)</section>', re.DOTALL)
FIGURE = re.compile(r'<p class="figure">(.*?)</p>')


class Place(NamedTuple):
    group: str
    month: date


@pytest.fixture(scope="module")
def built(
    built_pilot: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> GroupPages:
    folder = tmp_path_factory.mktemp("group-pages")
    return build_group_pages(folder, url=built_pilot.url, is_synthetic=True)


@pytest.fixture(scope="module")
def answers(built_pilot: Warehouse) -> dict[Place, list[Sequence[Decimal | None]]]:
    """Return what each family of a group told of a month."""
    found: dict[Place, list[Sequence[Decimal | None]]] = defaultdict(list)
    for group, month, *told in built_pilot.rows(TOTALS):
        found[Place(group, month)].append(told)
    return found


def told_in_total(amounts: Sequence[Decimal | None]) -> str | None:
    """Return the digits of a total that the group may know."""
    known = sorted((amount for amount in amounts if amount is not None), reverse=True)
    total = sum(known)
    if len(known) < LEAST or not total:
        return None
    if known[0] * 2 > total or (known[0] + known[1]) * 5 > total * 4:
        return None
    return f"{total:.0f}"


def place_of(page: Path) -> Place:
    year, month = page.name.partition(".")[0].split("-")
    return Place(page.parent.name, date(int(year), int(month), 1))


def figures_of(page: Path) -> dict[str, str | None]:
    """Return the digits of each block's large figure."""
    found = {}
    for name, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        figure = FIGURE.search(block)
        found[name] = re.sub(r"\D", "", unescape(figure[1])) if figure else None
    return found


def test_every_group_of_the_pilot_has_a_page_in_each_language_of_its_site(
    built: GroupPages, built_pilot: Warehouse
) -> None:
    wanted = built_pilot.rows("""
        select member_groups.peer_group_code || '.' || unnest(sites.language_codes)
        from marts.dim_peer_groups as member_groups
        inner join marts.dim_sites as sites using (site_code)
    """)
    pages = [f"{page.parent.name}.{page.name.split('.')[1]}" for page in built.pages]

    assert built.refused == {}
    assert sorted(pages) == sorted(name for (name,) in wanted)
    assert {name.rpartition(".")[2] for name in pages} == {"en", "es", "fil"}


def test_totals_are_those_of_the_families_where_nobody_holds_most(
    built: GroupPages, answers: dict[Place, list[Sequence[Decimal | None]]]
) -> None:
    shown, hidden = 0, 0
    for page in built.pages:
        told, figures = answers[place_of(page)], figures_of(page)
        assert len(told) >= LEAST, page
        for name, place in NAMES.items():
            expected = told_in_total([amounts[place] for amounts in told])
            assert figures[name] == expected, (page, name)
            shown, hidden = shown + bool(expected), hidden + (not expected)

    assert shown > 50
    assert hidden > 50


def test_the_month_of_a_page_is_the_newest_that_enough_families_told_of(
    built: GroupPages, answers: dict[Place, list[Sequence[Decimal | None]]]
) -> None:
    newest: dict[str, date] = {}
    for (group, month), told in answers.items():
        if len(told) >= LEAST:
            newest[group] = max(month, newest.get(group, month))

    assert {place_of(page) for page in built.pages} == {
        Place(group, month) for group, month in newest.items()
    }


def test_meetings_savings_and_goals_are_those_of_the_marts(
    built: GroupPages, built_pilot: Warehouse
) -> None:
    meetings = {
        Place(group, month): (str(count), f"{balance:.0f}")
        for group, month, count, balance in built_pilot.rows("""
            select
                peer_group_code, meeting_month, attending_family_count,
                group_balance_local
            from marts.fct_peer_group_meetings order by meeting_date
        """)
    }
    goals = {
        Place(group, month): [int(count) for count in counts]
        for group, month, counts in built_pilot.rows("""
            select
                months.peer_group_code,
                months.journal_month,
                array(
                    select count(distinct (goals.family_key, goals.goal_number))
                    from marts.fct_family_months as members
                    inner join marts.fct_goal_events as goals using (family_key)
                    where
                        members.peer_group_code = months.peer_group_code
                        and members.journal_month = months.journal_month
                        and goals.event_month <= months.journal_month
                    group by members.family_key
                )
            from marts.fct_peer_group_months as months
            where months.journal_month >= '2021-08-01'
        """)
    }
    for page in built.pages:
        figures, place = figures_of(page), place_of(page)
        assert (figures["meeting"], figures["group-savings"]) == meetings[place], page
        counts = [Decimal(count) for count in goals[place]]
        assert figures["goals"] == told_in_total(counts), page


def test_no_page_names_a_family_its_key_or_its_people(
    built: GroupPages, built_pilot: Warehouse
) -> None:
    with psycopg.connect(built_pilot.url) as connection:
        keys = connection.execute(
            "select family_code from pii.family_keys"
            " union all select family_key::text from pii.family_keys"
        ).fetchall()
        people = connection.execute(
            "select contact_name from pii.family_contacts"
        ).fetchall()
    names = {name for (name,) in (*keys, *people) if name}

    assert len(names) > 600
    for page in built.pages:
        text = f"{page.name} {page.read_text(encoding='utf-8')}"
        assert [name for name in names if name in text] == [], page


def test_no_page_is_heavy_or_compares_the_group_with_another(
    built: GroupPages, built_pilot: Warehouse
) -> None:
    groups = {
        code
        for (code,) in built_pilot.rows(
            "select peer_group_code from marts.dim_peer_groups"
        )
    }
    for page in built.pages:
        text = page.read_text(encoding="utf-8")
        assert page.stat().st_size < 100_000
        assert {code for code in groups if code in text} == {page.parent.name}

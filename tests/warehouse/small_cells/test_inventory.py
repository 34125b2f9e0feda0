"""Every number that `share` shows is an equation of the attack, or has a reason.

A new metric or column is on no list, and this says what to do about it.
"""

import itertools
from collections.abc import Collection, Iterable

import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.small_cells import columns, every_metric, reasons
from tests.warehouse.small_cells.columns import COLUMNS, Columns
from tests.warehouse.small_cells.reasons import GROUPS
from tests.warehouse.small_cells.shown import COLUMNS as MONTHS_IN_THE_ATTACK
from tests.warehouse.small_cells.told import IN_THE_ATTACK, Kinds, Told

LISTED = {
    "told.IN_THE_ATTACK": IN_THE_ATTACK,
    "every_metric.SOURCES": tuple(source.kinds for source in every_metric.SOURCES),
    **{f"reasons.GROUPS[{name!r}]": group.kinds for name, group in GROUPS.items()},
}
SHOWN = """
select distinct
    metric_code, statistic_code,
    case when start_month = end_month then 'month' else 'window' end,
    panel_code, price_code, outlier_code, denominator_code, category_code
from share.metric_values where value is not null
"""
NUMBERS = """
select table_name, column_name from information_schema.columns
where
    table_schema = 'share'
    and data_type in (
        'smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'
    )
"""
WHAT_TO_DO = (
    "is shown in `share` and on no list: make it an equation (tests/warehouse/"
    "small_cells/told.py or every_metric.py) and see the attack fail, or say in"
    " reasons.py or columns.py why it tells of no few families, with a query that"
    " would contradict it"
)


def unlisted(shown: Iterable[Told]) -> list[str]:
    """Return a sentence for each kind of figure that is on no list."""
    every = list(itertools.chain.from_iterable(LISTED.values()))
    return [
        f"{' '.join(told)} {WHAT_TO_DO}"
        for told in sorted(shown)
        if not any(kinds.hold(told) for kinds in every)
    ]


def unlisted_columns(shown: Iterable[tuple[str, str]]) -> list[str]:
    """Return a sentence for each column of numbers that is on no list."""
    listed = {
        (table, name)
        for group in COLUMNS
        for table in group.tables
        for name in group.names.split()
    }
    return [f"{table}.{name} {WHAT_TO_DO}" for table, name in set(shown) - listed]


def kinds_shown(warehouse: Warehouse) -> set[Told]:
    return {Told(*row) for row in warehouse.rows(SHOWN)}


def test_every_kind_of_figure_is_in_the_attack_or_has_a_reason(
    built_pilot: Warehouse,
) -> None:
    shown = kinds_shown(built_pilot)

    assert len(shown) > 300
    assert unlisted(shown) == []


def test_every_column_of_numbers_is_in_the_attack_or_has_a_reason(
    built_pilot: Warehouse,
) -> None:
    shown = {(table, name) for table, name in built_pilot.rows(NUMBERS)}

    assert len(shown) > 80
    assert unlisted_columns(shown) == []


def test_what_is_new_is_on_no_list() -> None:
    known = Told(
        "M40", "rate", "month", "all_reporters", "nominal", "kept", "household", "total"
    )
    new_metric = known._replace(metric="M67", statistic="level")

    assert unlisted([known]) == []
    assert [each.split()[0] for each in unlisted([known, new_metric])] == ["M67"]
    assert unlisted_columns([("site_months", "loans_mean_local")])


def test_no_list_holds_what_is_no_longer_shown(built_pilot: Warehouse) -> None:
    shown = kinds_shown(built_pilot)
    of_columns = set(built_pilot.rows(NUMBERS))

    assert [
        f"{name}: {kinds}"
        for name, group in LISTED.items()
        for kinds in group
        if not _holds_any(kinds, shown)
    ] == []
    assert [
        (table, name)
        for group in COLUMNS
        for table in group.tables
        for name in group.names.split()
        if (table, name) not in of_columns
    ] == []


def _holds_any(kinds: Kinds, shown: Collection[Told]) -> bool:
    return any(kinds.hold(told) for told in shown)


def test_columns_of_months_in_the_attack_are_those_that_it_reads() -> None:
    assert set(columns.EQUATIONS.names.split()) == {
        *MONTHS_IN_THE_ATTACK,
        "income_index",
    }


@pytest.mark.parametrize("name", [k for k, v in GROUPS.items() if v.contradictions])
def test_the_reason_of_a_group_holds(name: str, built_pilot: Warehouse) -> None:
    query = reasons.GROUPS[name].contradictions

    assert query
    assert built_pilot.rows(query) == [], GROUPS[name].reason


@pytest.mark.parametrize(
    ("table", "group"),
    [
        pytest.param(table, group, id=f"{table} {group.names.split()[0]}")
        for group in COLUMNS
        for table in group.tables
        if group.contradictions
    ],
)
def test_the_reason_of_a_column_holds(
    table: str, group: Columns, built_pilot: Warehouse
) -> None:
    assert built_pilot.rows(group.query(table)) == [], group.reason

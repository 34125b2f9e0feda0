"""What reaches a card: ordered by name, and without what is suppressed."""

from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from dashboards.contents import (
    by_name,
    hide_divided,
    hide_suppressed,
    read_dashboard,
)
from dashboards.errors import QueryError
from dashboards.queries import run_query, snapshot
from dashboards.site import build_site, check_site
from dashboards.spec import DistributionCard
from dashboards.spec_file import load_specs
from tests.dashboards.d1_alone import D1, copy_d1, d1_specs


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """Return a copy of the specs that a test may spoil."""
    return copy_d1(tmp_path / "specs")


def test_a_suppressed_row_keeps_its_place_and_loses_its_figures() -> None:
    row: dict[str, object] = {
        "site_name": "Dalampasigan",
        "months_since_launch_count": 3,
        "income_index": Decimal("1.5"),
        "panel_family_count": 4,
        "is_suppressed": True,
    }

    assert hide_suppressed(row) == {
        "site_name": "Dalampasigan",
        "months_since_launch_count": 3,
        "income_index": None,
        "panel_family_count": None,
        "is_suppressed": True,
    }


def test_no_card_reads_a_figure_that_is_suppressed(small_warehouse: str) -> None:
    (spec,) = load_specs(d1_specs())
    with snapshot(small_warehouse) as connection:
        cards = read_dashboard(connection, spec).cards
    suppressed = {
        name: [row for row in content.rows if row.get("is_suppressed")]
        for name, content in cards.items()
    }

    assert {name for name, rows in suppressed.items() if rows} == {
        "income_index_sites",
        "site_strip",
        "sites_now",
    }
    shown = [
        row
        for rows in suppressed.values()
        for row in rows
        if row != hide_suppressed(row)
    ]
    assert shown == []


def test_places_are_ordered_as_people_order_names() -> None:
    rows: list[dict[str, object]] = [
        {"site_name": name} for name in ("puente", "Zarza", "Ámbar", "Bagong")
    ]

    ordered = [row["site_name"] for row in by_name(rows, "site_name", "es")]

    assert ordered == ["Ámbar", "Bagong", "puente", "Zarza"]


def test_a_failing_query_names_its_card(specs: Path, small_warehouse: str) -> None:
    (specs / D1 / "retention.sql").write_text("select no_such_column from nowhere")

    with pytest.raises(QueryError, match=f"{D1}, card retention: the query failed"):
        check_site(small_warehouse, specs=specs)


def test_a_missing_column_names_card_and_column(
    specs: Path, small_warehouse: str
) -> None:
    path = specs / D1 / "retention.sql"
    path.write_text(path.read_text().replace("    retention_share,\n", ""))

    with pytest.raises(QueryError, match=r"card retention: .*retention_share"):
        check_site(small_warehouse, specs=specs)


def test_a_card_cannot_write(specs: Path, small_warehouse: str) -> None:
    path = specs / D1 / "retention.sql"
    path.write_text("delete from share.country_months returning *")

    with pytest.raises(QueryError, match="A card only reads"):
        check_site(small_warehouse, specs=specs)


def test_a_warehouse_without_tables_says_what_to_do(empty_warehouse: str) -> None:
    with pytest.raises(QueryError, match="Build the warehouse first"):
        check_site(empty_warehouse)


def test_a_parameter_is_bound_and_never_becomes_sql(small_warehouse: str) -> None:
    with snapshot(small_warehouse) as connection:
        rows = run_query(
            connection,
            "select :said as said, '5 %' as percent",
            where="a test",
            parameters={"said": "'; drop table share.site_months; --"},
        )

    assert rows == [{"said": "'; drop table share.site_months; --", "percent": "5 %"}]


def test_a_query_that_would_hold_up_its_reader_is_ended(
    small_warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboards.queries.TIMEOUT_SECONDS", 1)

    with (
        snapshot(small_warehouse) as connection,
        pytest.raises(QueryError, match="A card may take 1 seconds"),
    ):
        run_query(connection, "select pg_sleep(9)", where="a test")


def test_all_cards_see_the_data_as_the_first_one_did(empty_warehouse: str) -> None:
    count = "select count(*) as count from arrivals"
    with psycopg.connect(empty_warehouse, autocommit=True) as other:
        other.execute("create table arrivals (number integer)")
        with snapshot(empty_warehouse) as connection:
            before = run_query(connection, count, where="the first card")
            other.execute("insert into arrivals values (1)")
            after = run_query(connection, count, where="the last card")

    assert before == after == [{"count": 0}]


def test_nothing_is_written_when_one_card_fails(
    specs: Path, small_warehouse: str, tmp_path: Path
) -> None:
    (specs / D1 / "retention.sql").write_text("select 1 / 0")

    with pytest.raises(QueryError):
        build_site(tmp_path / "out", url=small_warehouse, specs=specs)

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "table", ["marts.fct_metric_values", "ops.data_issues", '"raw"."forms__journal"']
)
def test_a_card_that_reads_beyond_share_is_refused_by_name(
    table: str, specs: Path, small_warehouse: str
) -> None:
    path = specs / D1 / "retention.sql"
    path.write_text(f"-- share.metric_values\nselect * from {table}")

    named = table.replace('"', "")
    with pytest.raises(QueryError, match=rf"card retention: the query reads {named};"):
        check_site(small_warehouse, specs=specs)


def test_a_missing_column_is_found_where_there_is_no_row(
    specs: Path, small_warehouse: str
) -> None:
    path = specs / D1 / "retention.sql"
    path.write_text("select 'COL' as country_code where false")

    with pytest.raises(QueryError, match=r"card retention: .*retention_share"):
        check_site(small_warehouse, specs=specs)


def test_a_place_with_one_hidden_class_shows_none_of_its_classes() -> None:
    words = {"en": "a", "es": "b"}
    card = DistributionCard.model_validate(
        {
            "id": "changes",
            "kind": "distribution",
            "title": words,
            "item": "country_code",
            "measure": {"format": "percent", "families": "family_count"},
        }
    )
    rows: list[dict[str, object]] = [
        {
            "country_code": country,
            "category_code": code,
            "release_code": "live",
            "value": Decimal("0.5"),
            "family_count": 40,
            "is_suppressed": (country, code) == ("USA", "down"),
            "suppression_reason_code": None,
        }
        for country in ("MEX", "USA")
        for code in ("down", "up")
    ]

    shown = [
        (row["country_code"], row["value"])
        for row in map(hide_suppressed, hide_divided(rows, card))
    ]

    half = Decimal("0.5")
    assert shown == [("MEX", half), ("MEX", half), ("USA", None), ("USA", None)]

"""How a card of a spec becomes SQL and settings of Metabase."""

import pytest

from dashboards.errors import SpecError
from dashboards.metabase.applying.descriptions import semantic_type
from dashboards.metabase.wanted.asked import Asked
from dashboards.metabase.wanted.charts import charts_of
from dashboards.metabase.wanted.sql import Query, with_tags
from dashboards.metabase.wanted.things import bare, differing
from dashboards.spec import NumberCard, StripCard, TableCard, Words

WORDS = Words(en="Words", es="Palabras")
COLUMNS = frozenset(
    {
        "site_name",
        "release_code",
        "value",
        "low",
        "high",
        "family_count",
        "is_suppressed",
        "suppression_reason_code",
        "months_since_launch_count",
    }
)
MEASURE = {
    "column": "value",
    "format": "percent",
    "families": "family_count",
    "low": "low",
    "high": "high",
}


def asked(card: NumberCard | StripCard | TableCard, sql: str = "select 1") -> Asked:
    return Asked(card, Query(sql, COLUMNS, "d1, card x"), "es", {})


def number_card() -> NumberCard:
    return NumberCard.model_validate(
        {
            "id": "x",
            "kind": "number",
            "title": WORDS,
            "item": "site_name",
            "measure": MEASURE,
        }
    )


def test_a_number_stands_with_interval_families_and_why_it_is_held_back() -> None:
    (chart,) = charts_of(asked(number_card()))

    assert chart.shown == (
        "site_name",
        "value",
        "low",
        "high",
        "family_count",
        "release_code",
        "not_shown",
    )
    for figure in ("value", "low", "high", "family_count"):
        hidden = f"case when card.is_suppressed then null else card.{figure} end"
        assert hidden in chart.sql
    settings = chart.settings["column_settings"]
    assert settings['["name","value"]']["number_style"] == "percent"
    assert settings['["name","family_count"]']["column_title"] == "familias"


def test_a_strip_is_pivoted_by_month_and_shaded_from_none_to_all() -> None:
    card = StripCard.model_validate(
        {
            "id": "x",
            "kind": "strip",
            "title": WORDS,
            "item": "site_name",
            "x": "months_since_launch_count",
            "x_label": WORDS,
            "measure": MEASURE,
        }
    )

    (chart,) = charts_of(asked(card))

    assert chart.settings["table.pivot_column"] == "months_since_launch_count"
    assert chart.settings["table.cell_column"] == "value"
    assert len(chart.shown) == 3  # Metabase pivots three columns, no more
    # Where a row stands is no figure of families, and stays.
    assert "card.months_since_launch_count as months_since_launch_count" in chart.sql


def test_a_query_with_signs_that_metabase_reads_is_refused_by_its_card() -> None:
    with pytest.raises(SpecError, match="d1, card x"):
        charts_of(asked(number_card(), "select '{{site}}'"))


def test_a_kind_without_a_chart_says_where_to_add_one() -> None:
    other = Asked(object.__new__(_Other), Query("", COLUMNS, "d1, card x"), "en", {})  # type: ignore[arg-type]

    with pytest.raises(SpecError, match=r"kind gauge .*charts\.py"):
        charts_of(other)


class _Other:
    kind = "gauge"


def test_what_a_spec_gives_a_query_becomes_a_tag_and_a_cast_stays() -> None:
    sql = "select x::text from y where a = :code and b = :code_two"

    assert with_tags(sql, ["code"]) == (
        "select x::text from y where a = {{code}} and b = :code_two"
    )


def test_what_is_empty_and_what_is_not_there_are_alike() -> None:
    assert differing({"a": None, "b": [], "c": 0}, {"c": 0, "d": {}}) == ()
    assert differing({"a": False}, {}) == ("a",)
    assert bare({"a": {"b": None}}) == {}


@pytest.mark.parametrize(
    ("name", "base_type", "kind"),
    [
        ("income_usd_ppp", "type/Decimal", "type/Currency"),
        ("saver_share", "type/Decimal", "type/Percentage"),
        ("saver_share", "type/Text", None),
        ("country_code", "type/Text", "type/Country"),
        ("metric_code", "type/Text", "type/Category"),
        ("journal_month", "type/Date", None),
    ],
)
def test_the_ending_of_a_name_tells_the_kind_of_value(
    name: str, base_type: str, kind: str | None
) -> None:
    assert semantic_type(name, base_type) == kind

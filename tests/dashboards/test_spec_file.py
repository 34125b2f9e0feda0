"""A wrong spec is refused with file, line and reason, before anything is read."""

from pathlib import Path

import pytest

from dashboards.errors import SpecError
from dashboards.schema import SCHEMA_PATH, schema_text
from dashboards.spec_file import SHARED, SPECS, load_spec, load_specs
from tests.dashboards.d1_alone import D1, copy_d1


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """Return a copy of the specs that a test may spoil."""
    return copy_d1(tmp_path / "specs")


def spoil(specs: Path, old: str, new: str) -> int:
    """Replace the first `old` in D1's spec; return the line it was on."""
    path = specs / f"{D1}.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_every_spec_of_the_product_is_valid() -> None:
    codes = [spec.dashboard.code for spec in load_specs()]

    assert codes == [f"D{number}" for number in range(1, 13)]


def test_a_missing_translation_is_refused_with_file_and_line(specs: Path) -> None:
    line = spoil(specs, "title: {en: Sites, es: Sitios, ", "title: {en: Sites, ")

    with pytest.raises(SpecError) as refused:
        load_specs(specs)

    assert f"{D1}.yml, line {line}: sections.0.title.es is missing" in str(
        refused.value
    )


def test_a_misspelt_key_is_refused_by_name(specs: Path) -> None:
    line = spoil(specs, "        item: site_name", "        itme: site_name")

    with pytest.raises(SpecError, match=rf"line {line}: .*itme is not something"):
        load_specs(specs)


def test_a_figure_without_its_number_of_families_is_refused(specs: Path) -> None:
    spoil(specs, ", families: reported_family_count}", "}")

    with pytest.raises(SpecError, match=r"measure\.families is missing"):
        load_specs(specs)


def test_places_cannot_be_ranked(specs: Path) -> None:
    spoil(
        specs,
        "item: variant_code\n        item_order: query",
        "item: country_code\n        item_order: query",
    )

    with pytest.raises(SpecError, match="places stand by name"):
        load_specs(specs)


def test_money_without_its_currency_is_refused(specs: Path) -> None:
    spoil(specs, "format: percent, is_signed", "format: money, is_signed")

    with pytest.raises(SpecError, match="currency is given for the format money"):
        load_specs(specs)


def test_two_cards_of_one_name_are_refused(specs: Path) -> None:
    line = spoil(specs, "- id: control_growth", "- id: satisfaction_growth")

    with pytest.raises(SpecError, match=rf"line {line}: .*used twice"):
        load_specs(specs)


def test_a_card_without_its_sql_is_refused(specs: Path) -> None:
    (specs / D1 / "retention.sql").unlink()

    with pytest.raises(SpecError, match=r"needs retention\.sql"):
        load_specs(specs)


def test_a_parameter_that_the_sql_asks_for_is_not_forgotten(specs: Path) -> None:
    line = spoil(specs, "metric_code: M03, ", "")

    with pytest.raises(
        SpecError,
        match=rf"line {line}: .*parameters lacks metric_code, which place_f",
    ):
        load_specs(specs)


def test_a_parameter_that_the_sql_does_not_ask_for_is_refused(specs: Path) -> None:
    spoil(specs, "{metric_code: M03,", "{month: June, metric_code: M03,")

    with pytest.raises(SpecError, match=r"gives month, which place_figures\.sql"):
        load_specs(specs)


def test_what_is_not_yaml_is_refused_with_its_line(specs: Path) -> None:
    path = specs / f"{D1}.yml"
    path.write_text("code: D1\ntitle: {en: a, es: b\n")

    with pytest.raises(SpecError, match="line 3: this is not YAML"):
        load_spec(path)


def test_a_key_given_twice_is_refused(specs: Path) -> None:
    spoil(specs, "data_state: data_state", "data_state: data_state\ncode: D2")

    with pytest.raises(SpecError, match="code is given twice"):
        load_specs(specs)


def test_every_sql_file_belongs_to_a_card() -> None:
    asked: set[str] = set()
    for spec in load_specs():
        own = {path.stem for path in spec.path.with_suffix("").glob("*.sql")}
        assert own <= spec.queries.keys(), spec.name
        asked |= spec.queries.keys() - own

    assert asked == {path.stem for path in (SPECS / SHARED).glob("*.sql")}


def test_the_dashboards_own_sql_comes_before_the_shared_one(specs: Path) -> None:
    (specs / D1 / "place_figures.sql").write_text(
        "select :metric_code, :statistic_code, :panel_code, :price_code, "
        ":scope_type_code, :category_codes, :window_code"
    )

    (spec,) = load_specs(specs)

    assert spec.queries["place_figures"].startswith("select :metric_code")
    assert "max(release_code)" in spec.queries["data_state"]


def test_a_stage_of_a_funnel_without_a_name_is_refused(specs: Path) -> None:
    path = specs / f"{D1}.yml"
    text = path.read_text()
    at = text.index("      - id: retention")
    path.write_text(
        text[:at]
        + "      - id: stages\n        kind: funnel\n        title: {en: a, es: b}\n"
        "        item: site_name\n        whole: {en: a, es: b}\n        stages:\n"
        "          - {format: percent, families: n}\n"
        "          - {format: percent, families: n}\n" + text[at:]
    )

    with pytest.raises(SpecError, match="each stage of a funnel needs a label"):
        load_specs(specs)


def test_the_json_schema_is_that_of_the_models() -> None:
    assert SCHEMA_PATH.read_text() == schema_text(), "python -m dashboards schema"

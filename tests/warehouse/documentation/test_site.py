import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.conftest import Warehouse
from warehouse.documentation import cookbook, write_site
from warehouse.documentation.areas import AREAS, without_area
from warehouse.documentation.catalogue import TableEntry, catalogue
from warehouse.documentation.diagram import draw
from warehouse.documentation.metrics import conventions, metrics
from warehouse.documentation.site import PAGES


class Links(HTMLParser):
    """What a page leads to, and the places on it that others lead to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.places: set[str] = set()
        self.feed(page)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.targets |= {found[name] for name in ("href", "src") if name in found}
        self.places |= {found["id"]} if "id" in found else set()


@pytest.fixture(scope="module")
def tables(built_pilot: Warehouse) -> dict[str, TableEntry]:
    return {table.full_name: table for table in catalogue(built_pilot.manifest())}


@pytest.fixture(scope="module")
def site(
    built_pilot: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    target = tmp_path_factory.mktemp("target")
    (target / "manifest.json").write_text(json.dumps(built_pilot.manifest()))
    (target / "static_index.html").write_text("<html></html>")
    index = write_site(target, target / "site")
    assert (index.parent / "dbt.html").exists()
    return {page.name: page.read_text() for page in index.parent.glob("*.html")}


def test_the_dictionary_has_every_table_and_column_that_people_read(
    tables: dict[str, TableEntry], built_pilot: Warehouse
) -> None:
    found = built_pilot.rows(
        "select table_schema || '.' || table_name, column_name"
        " from information_schema.columns"
        " where table_schema in ('marts', 'share', 'ops')"
        " and table_name <> 'schema_version'"  # Alembic's own
    )
    listed = {
        (table.full_name, column.name)
        for table in tables.values()
        for column in table.columns
    }

    assert set(found) == listed
    assert [pair for pair in listed if not pair[1]] == []


def test_every_entry_says_what_it_is_of_which_type_and_what_makes_a_row_unique(
    tables: dict[str, TableEntry],
) -> None:
    silent = [
        f"{table.full_name}.{column.name}"
        for table in tables.values()
        for column in table.columns
        if not (column.description and column.data_type)
    ]

    assert silent == []
    assert [name for name, table in tables.items() if not table.key] == []
    assert [name for name, table in tables.items() if not table.description] == []


def test_keys_of_the_dictionary_are_those_that_postgres_holds(
    tables: dict[str, TableEntry], built_pilot: Warehouse
) -> None:
    held = built_pilot.rows(
        "select distinct conrelid::regclass::text, confrelid::regclass::text"
        " from pg_constraint where contype = 'f'"
        " and connamespace = 'marts'::regnamespace"
    )
    declared = {
        (table.full_name, one.to_table)
        for table in tables.values()
        for one in table.references
        if one.is_enforced
    }

    assert held
    assert set(held) == declared


def test_lineage_is_one_step_in_both_directions(tables: dict[str, TableEntry]) -> None:
    figures = tables["marts.fct_metric_values"]

    assert "share.metric_values" in figures.read_by
    assert "Cookbook for analysts" in figures.read_by
    assert "marts.fct_metric_values" in tables["share.metric_values"].read_from
    assert all(name.startswith("marts.") for name in figures.read_from) is False


def test_tests_of_a_column_are_told_in_words(tables: dict[str, TableEntry]) -> None:
    tests = {
        column.name: column.tests
        for column in tables["marts.fct_metric_values"].columns
    }

    assert tests["panel_code"] == ("one of balanced, all_reporters, chained",)
    assert any(
        said.startswith("is in ")
        for table in tables.values()
        for column in table.columns
        for said in column.tests
    )


def test_every_mart_has_a_subject(tables: dict[str, TableEntry]) -> None:
    """A new mart is given one in `warehouse/documentation/areas.py`."""
    assert without_area(set(tables)) == []
    assert {name for names in AREAS.values() for name in names} - set(tables) == set()


@pytest.mark.parametrize("area", AREAS)
def test_a_diagram_shows_every_table_of_its_subject_and_no_box_upon_another(
    area: str, tables: dict[str, TableEntry]
) -> None:
    drawing = draw(area, AREAS[area], list(tables.values()))
    shown = {box.table.full_name for box in drawing.boxes}

    assert set(AREAS[area]) <= shown
    for box in drawing.boxes:
        assert box.y + box.height < drawing.height
        assert not any(
            other.x == box.x and box.y < other.y < box.y + box.height
            for other in drawing.boxes
        )


def test_a_diagram_draws_each_declared_key_once(tables: dict[str, TableEntry]) -> None:
    drawing = draw("Money", ["marts.fct_investments"], list(tables.values()))

    (line,) = [line for line in drawing.lines if line.is_enforced]
    families = next(
        box for box in drawing.boxes if box.table.full_name == "marts.dim_families"
    )
    assert line.end == (families.x, families.row_y(0))


def test_the_definitions_have_every_metric_in_three_languages(
    site: dict[str, str], built_pilot: Warehouse
) -> None:
    codes = built_pilot.rows("select metric_code from marts.dim_metrics order by 1")
    known = {convention.code for convention in conventions()}

    assert [(metric.code,) for metric in metrics()] == codes
    for metric in metrics():
        assert len({*metric.names.values()}) > 1
        assert all(metric.definitions.values())
        assert set(metric.conventions) <= known
        assert f'id="{metric.code}"' in site["metrics.html"]


def test_the_pages_lead_to_one_another_and_nowhere_else(site: dict[str, str]) -> None:
    links = {name: Links(page) for name, page in site.items()}

    assert {f"{name}.html" for name in PAGES} <= set(site)
    for name, found in links.items():
        for target in found.targets - {"style.css"}:
            page, _, place = target.partition("#")
            assert (page or name) in links, f"{name} leads to {target}"
            assert not place or place in links[page or name].places, f"{name}: {target}"


def test_the_cookbook_page_has_every_query_with_its_result(
    site: dict[str, str],
) -> None:
    for recipe in cookbook.recipes():
        assert f'id="{recipe.name}"' in site["cookbook.html"]


def test_a_page_asks_no_server_for_anything(site: dict[str, str]) -> None:
    asked = re.compile(r"""(?:src|href)=["']https?:|@import|url\(http""")

    assert [name for name, page in site.items() if asked.search(page)] == []


def test_what_a_description_says_is_never_read_as_html(
    built_pilot: Warehouse, tmp_path: Path
) -> None:
    manifest: dict[str, Any] = built_pilot.manifest()
    node = manifest["nodes"]["model.family_journal.dim_sites"]
    node["description"] = "One row per <script>alert(1)</script>"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    write_site(tmp_path, tmp_path / "site")

    page = (tmp_path / "site" / "dictionary.html").read_text()
    assert "<script>alert" not in page

"""One column name, one meaning: marts, glossary and public columns agree."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.comments import entry_of, glossary
from warehouse.tables import metadata

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "dbt_project" / "models"
PUBLIC_COLUMNS = ROOT / "warehouse_docs" / "public_columns.txt"
PUBLIC_LAYERS = ("marts", "share", "ops")
# Words that name a person, a place on the map or a way to reach somebody.
IDENTIFYING = re.compile(
    r"family_code|phone|address|latitude|longitude|gps|signature|_text$"
    r"|(?:family|person|keeper|liaison)_name"
)


@cache
def public_models() -> dict[str, list[dict[str, Any]]]:
    """Return the columns of each model of the public layers, by `layer.model`."""
    found: dict[str, list[dict[str, Any]]] = {}
    for layer in PUBLIC_LAYERS:
        for page in sorted((MODELS / layer).rglob("*.yml")):
            for model in yaml.safe_load(page.read_text()).get("models", []):
                found[f"{layer}.{model['name']}"] = model["columns"]
    return found


def test_every_public_column_is_described_by_its_glossary_entry() -> None:
    wrong = [
        f"{model}.{column['name']}"
        for model, columns in public_models().items()
        for column in columns
        if column.get("description") != f"{{{{ doc('{column['name']}') }}}}"
        or column["name"] not in glossary()
    ]

    assert public_models(), "found no model, so this test would pass vacuously"
    assert wrong == []


def test_every_glossary_entry_is_used() -> None:
    pages = "\n".join(page.read_text() for page in MODELS.rglob("*.yml"))
    used = set(re.findall(r"doc\('(\w+)'\)", pages)) | {
        entry_of(table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
    }

    assert glossary().keys() - used == set()


def test_tables_that_dbt_does_not_make_are_described_by_the_glossary_too() -> None:
    undescribed = [
        f"{table.fullname}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if entry_of(table.name, column.name) is None
    ]

    assert undescribed == []
    assert [table.name for table in metadata.sorted_tables if not table.comment] == []


def test_the_public_columns_are_those_of_the_committed_list() -> None:
    """A rename breaks somebody's query: it has to show in the diff of this list."""
    declared = {
        f"{model}.{column['name']}"
        for model, columns in public_models().items()
        for column in columns
    }
    listed = PUBLIC_COLUMNS.read_text().split()

    assert {"gone": set(listed) - declared, "new": declared - set(listed)} == {
        "gone": set(),
        "new": set(),
    }
    assert listed == sorted(declared)


def test_no_public_column_identifies_a_family() -> None:
    identifying = [
        f"{model}.{column['name']}"
        for model, columns in public_models().items()
        for column in columns
        if IDENTIFYING.search(column["name"])
    ]

    assert identifying == []


def test_a_mart_that_is_part_of_releases_shows_the_release_that_is_asked_for() -> None:
    marts = [
        model["name"]
        for page in sorted((MODELS / "marts").rglob("*.yml"))
        for model in yaml.safe_load(page.read_text()).get("models", [])
        if model.get("config", {}).get("meta", {}).get("is_in_releases")
    ]
    of_live_alone = [
        name
        for name in marts
        if "'live'" in next(MODELS.rglob(f"{name}.sql")).read_text()
    ]

    assert "fct_metric_values" in marts
    assert of_live_alone == []

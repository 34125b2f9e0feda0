"""Every question is identifying, sensitive or open, and so is every public column."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.answers.field_maps import FieldMap, load_field_map
from ingestion.proposals.new_fields import OF_THE_DEVICE, WHEREABOUTS
from sandbox.pilot.build import SINGLE_VERSIONS
from sandbox.pilot.forms.definitions import journal_versions, single_version
from sandbox.pilot.model import FormVersion

ROOT = Path(__file__).parents[2]
MAPS = sorted((ROOT / "ingestion" / "maps").glob("*.yml"))
MODELS = ROOT / "dbt_project" / "models"
PUBLIC_LAYERS = ("marts", "share", "ops")
ASKING_NOTHING = {"note", "begin_group", "end_group", "begin_repeat", "end_repeat"}


@cache
def versions() -> Mapping[str, tuple[FormVersion, ...]]:
    single = {
        role: single_version(role, *deployed)
        for role, deployed in SINGLE_VERSIONS.items()
    }
    return {"journal": journal_versions(), **single}


def questions(version: FormVersion) -> dict[str, str]:
    """Return the type of each question of a version, by its path."""
    return {
        row["$xpath"]: row["type"]
        for row in version.content["survey"]
        if "$xpath" in row and row["type"] not in ASKING_NOTHING
    }


@pytest.fixture(params=MAPS, ids=lambda path: path.stem)
def field_map(request: pytest.FixtureRequest) -> FieldMap:
    return load_field_map(request.param)


def test_every_question_of_every_version_has_a_class(field_map: FieldMap) -> None:
    unclassified = {
        path
        for version in versions().get(field_map.role, ())
        for path in questions(version).keys() - field_map.known_paths(version.name)
    }

    assert unclassified == set()
    assert field_map.unclassified_paths() == set()


def test_the_forms_of_the_pilot_are_those_that_have_maps() -> None:
    roles = {load_field_map(path).role for path in MAPS}

    assert len(versions()["journal"]) > 1
    assert versions().keys() == roles - {"journal_payments", "corrections"}


def test_places_phones_and_devices_are_identifying(field_map: FieldMap) -> None:
    exposed = {
        path
        for version in versions().get(field_map.role, ())
        for path, question_type in questions(version).items()
        if question_type in WHEREABOUTS | OF_THE_DEVICE | {"image", "audio", "video"}
    } - field_map.identifying_paths()

    assert exposed == set()


def test_free_words_are_never_open(field_map: FieldMap) -> None:
    said = {
        name: found
        for name, found in field_map.classes().items()
        if name.endswith("_text")
    }

    assert [name for name, found in said.items() if "open" in found] == []


def column_classes() -> dict[str, dict[str, str | None]]:
    """Return the class of every public column, by model and column.

    That of the model stands for all columns but those that have one of their own.
    """
    found: dict[str, dict[str, str | None]] = {}
    for layer in PUBLIC_LAYERS:
        for page in sorted((MODELS / layer).rglob("*.yml")):
            for model in yaml.safe_load(page.read_text()).get("models", []):
                common = _class_of(model)
                found[f"{layer}.{model['name']}"] = {
                    column["name"]: _class_of(column) or common
                    for column in model["columns"]
                }
    return found


def _class_of(described: Mapping[str, Any]) -> str | None:
    meta = described.get("config", {}).get("meta", {})
    found: str | None = meta.get("class")
    return found


def test_every_public_column_is_sensitive_or_open() -> None:
    wrong = {
        f"{model}.{name}": found
        for model, columns in column_classes().items()
        for name, found in columns.items()
        if found not in {"sensitive", "open"}
    }

    assert column_classes()
    assert wrong == {}


def test_a_column_of_families_is_not_more_open_than_the_answer_it_is_named_after() -> (
    None
):
    """One name means one thing, so an answer's class is that of its column too."""
    sensitive = {
        name
        for path in MAPS
        for name, found in load_field_map(path).classes().items()
        if "open" not in found
    }
    too_open = {
        f"{model}.{name}"
        for model, columns in column_classes().items()
        if "family_key" in columns
        for name, found in columns.items()
        if found == "open" and (name in sensitive or name == "family_key")
    }

    assert len(sensitive) > 30
    assert too_open == set()

"""The pilot's journal was renamed in part twice: how much of its map is found again."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.answers.field_maps import FieldEntry, load_field_map
from ingestion.proposals import propose_like, propose_versions
from ingestion.sources.base import FormVersion, QuestionDefinition
from ingestion.sources.kobo.definitions import read_questions
from sandbox.pilot.forms.definitions import journal_versions
from sandbox.pilot.forms.renames import FIRST_VERSION, PRESENT_VERSION
from tests.ingestion.conftest import PRODUCT_MAPS
from tests.ingestion.proposals.versions import every_entry, loaded, unaccounted

REAL = PRODUCT_MAPS / "journal.yml"
# Five points are another measure than ten; what to call it is for a person to say.
NEVER_FOUND = "satisfaction_five_point_score"


@pytest.fixture(scope="module")
def forms() -> list[FormVersion]:
    return [
        FormVersion(
            version.uid,
            version.name,
            number,
            version.deployed_at,
            version.content,
            read_questions(version.content),
        )
        for number, version in enumerate(journal_versions(), start=1)
    ]


def map_of_one_version(folder: Path, version: FormVersion) -> Path:
    """Write the real map as it was, or would have been, when there was this version."""
    written = load_field_map(REAL).written
    paths = {question.path for question in version.questions}
    content = {
        "role": "journal",
        "fields": _fields_of_one_version(written.fields, version.name),
        "not_carried": {
            path: field_class
            for path, field_class in written.not_carried.items()
            if path in paths
        },
    }
    path = folder / "journal.yml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def _fields_of_one_version(
    fields: Mapping[str, FieldEntry], version_name: str | None
) -> dict[str, dict[str, Any]]:
    reduced: dict[str, dict[str, Any]] = {}
    for name, entry in fields.items():
        held = [place for place in entry.places if place.holds_in(version_name)]
        if not held:
            continue
        reduced[name] = {"path": held[0].path, "class": entry.field_class}
        if entry.items is None:
            reduced[name]["cast"] = entry.cast
        else:
            items = _fields_of_one_version(entry.items, version_name)
            reduced[name]["items"] = items
    return reduced


@pytest.mark.parametrize("known_version", [FIRST_VERSION, PRESENT_VERSION])
def test_every_rename_but_the_other_measure_is_found_from_one_version(
    tmp_path: Path, forms: list[FormVersion], known_version: str
) -> None:
    version = next(form for form in forms if form.name == known_version)
    before = map_of_one_version(tmp_path, version)
    real = load_field_map(REAL)

    proposal = propose_versions(before, forms)

    found = loaded(tmp_path, proposal)
    wanted, got = every_entry(real.written.fields), every_entry(found.written.fields)
    renamed = {name for name, (*_, places) in wanted.items() if len(places) > 1}
    exact = {name for name in wanted if wanted[name] == got.get(name)}
    assert len(renamed) == 12
    assert wanted.keys() - exact == {NEVER_FOUND}
    assert len(exact) / len(wanted) > 0.98
    assert found.written.not_carried == real.written.not_carried
    assert unaccounted(found, forms) == set()


def test_what_is_no_rename_stays_apart_and_hidden(
    tmp_path: Path, forms: list[FormVersion]
) -> None:
    before = map_of_one_version(tmp_path, forms[0])

    found = loaded(tmp_path, propose_versions(before, forms))

    (name,) = found.written.fields.keys() - load_field_map(REAL).written.fields.keys()
    entry = found.written.fields[name]
    assert (name, entry.field_class, entry.cast) == (
        "sat_living5",
        "sensitive",
        "integer",
    )
    assert [(place.since, place.until) for place in entry.places] == [
        ("2020101501", "2020101501")
    ]


def test_a_map_that_accounts_for_everything_stays_byte_for_byte(
    forms: list[FormVersion],
) -> None:
    proposal = propose_versions(REAL, forms)

    assert proposal.proposed_count == 0
    assert proposal.text == REAL.read_text(encoding="utf-8")


def test_a_draft_that_was_accepted_has_nothing_more_to_propose(
    tmp_path: Path, forms: list[FormVersion]
) -> None:
    before = map_of_one_version(tmp_path, forms[0])
    before.write_text(propose_versions(before, forms).text, encoding="utf-8")

    again = propose_versions(before, forms)

    assert again.proposed_count == 0
    assert again.text == before.read_text(encoding="utf-8")


def test_a_form_without_a_map_gets_the_names_of_the_products_own(
    tmp_path: Path, forms: list[FormVersion]
) -> None:
    real = every_entry(load_field_map(REAL).written.fields)

    found = loaded(tmp_path, propose_like("journal", forms))

    got = every_entry(found.written.fields)
    assert got.keys() == real.keys()
    # Less alike than the same: their names and places are found, but no class is
    # taken over before a person has looked.
    differing = {name for name in real if real[name] != got[name]}
    assert differing == {"income_sources", "income_stated_local"}
    assert all(got[name][0] == "sensitive" for name in differing)
    assert all(got[name][1:] == real[name][1:] for name in differing)
    assert unaccounted(found, forms) == set()


def test_a_form_without_a_map_is_told_by_its_labels_where_names_differ(
    tmp_path: Path, forms: list[FormVersion]
) -> None:
    present = forms[-1]
    renamed = [
        _with_another_name(number, question)
        for number, question in enumerate(present.questions)
        if question.repeat_path is None
    ]
    form = FormVersion("v", "1", 1, None, {}, tuple(renamed))
    labelled = [one for one in renamed if one.labels and one.type != "note"]

    found = loaded(tmp_path, propose_like("journal", [form]))

    real = load_field_map(REAL).written.fields
    recovered = found.written.fields.keys() & real.keys()
    assert len(recovered) / len(labelled) > 0.9
    assert unaccounted(found, [form]) == set()


def _with_another_name(number: int, question: QuestionDefinition) -> QuestionDefinition:
    return replace(question, path=f"section/q{number}")

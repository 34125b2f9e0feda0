from pathlib import Path

import pytest

from ingestion.answers.field_maps import FieldMap, load_field_map
from ingestion.answers.reading import AnswerReader
from sandbox.pilot.forms.definitions import journal_versions
from sandbox.pilot.model import FormVersion
from tests.ingestion.conftest import PRODUCT_MAPS

SHAPES = ("an array", "flat")


@pytest.fixture(scope="module")
def journal() -> FieldMap:
    return load_field_map(PRODUCT_MAPS / "journal.yml")


@pytest.mark.parametrize(
    ("version", "payload", "expected"),
    [
        ("2020070101", {"j/satisf": "6"}, {"satisfaction_score": 6}),
        (
            "2020101501",
            {"j/wellbeing/sat_living5": "3"},
            {"satisfaction_five_point_score": 3},
        ),
        ("2021010401", {"j/wellbeing/sat_living": "6"}, {"satisfaction_score": 6}),
        ("2020070101", {"j/wellbeing/sat_living": "6"}, {}),
        (None, {"j/satisf": "6"}, {"satisfaction_score": 6}),
        (None, {"j/wellbeing/sat_living": "6"}, {"satisfaction_score": 6}),
    ],
)
def test_each_version_of_the_journal_is_read_by_its_own_names(
    journal: FieldMap,
    version: str | None,
    payload: dict[str, str],
    expected: dict[str, int],
) -> None:
    assert AnswerReader(journal).read(payload, version).answers == expected


@pytest.mark.parametrize(
    ("version", "repeat", "question"),
    [
        ("2020070101", "j/ingresos/fuentes", "bruto"),
        ("2021010401", "j/income/inc_src", "inc_gross"),
    ],
)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_repeat_of_one_item_is_read_in_both_shapes(
    journal: FieldMap, version: str, repeat: str, question: str, shape: str
) -> None:
    item = {f"{repeat}/{question}": "120.5"}
    payload = item if shape == "flat" else {repeat: [item]}

    read = AnswerReader(journal).read(payload, version)

    assert read.answers == {"income_sources": [{"gross_local": 120.5}]}
    assert read.unknown_paths == set()


def test_a_question_of_another_version_is_unknown_and_not_guessed(
    journal: FieldMap,
) -> None:
    read = AnswerReader(journal).read({"j/satisf": "6"}, "2021010401")

    assert read.answers == {}
    assert read.unknown_paths == {"j/satisf"}


def test_an_unreadable_answer_is_left_out_and_named(journal: FieldMap) -> None:
    sources = [{"j/income/inc_src/inc_gross": "much"}]

    read = AnswerReader(journal).read({"j/income/inc_src": sources}, "2021010401")

    assert read.answers == {"income_sources": [{}]}
    assert read.problems == [
        {
            "field": "income_sources[0].gross_local",
            "value": "much",
            "reason": "not a number",
        }
    ]


def test_the_contact_of_a_family_is_kept_apart() -> None:
    reader = AnswerReader(load_field_map(PRODUCT_MAPS / "enrolment.yml"))

    read = reader.read({"body/pii/pii_name": "A. B.", "family_code": "X"}, None)

    assert read.answers == {"family_code": "X"}
    assert read.contact == {"contact_name": "A. B."}


@pytest.mark.parametrize("version", journal_versions(), ids=lambda one: one.name)
def test_the_map_accounts_for_every_question_of_every_version_of_the_journal(
    journal: FieldMap, version: FormVersion
) -> None:
    known = journal.known_paths(version.name)

    assert set(_questions(version)) - known == set()


def _questions(version: FormVersion) -> list[str]:
    silent = ("begin_", "end_", "note")
    return [
        row["$xpath"]
        for row in version.content["survey"]
        if not row["type"].startswith(silent)
    ]


@pytest.mark.parametrize(
    "path", sorted(PRODUCT_MAPS.glob("*.yml")), ids=lambda p: p.stem
)
def test_no_two_canonical_names_read_the_same_question_of_a_version(
    path: Path,
) -> None:
    field_map = load_field_map(path)
    for version in (None, "2020020101", "2020070101", "2020101501", "2021010401"):
        paths = [p for q in field_map.questions(version) for p in q.all_paths()]
        assert len(paths) == len(set(paths))

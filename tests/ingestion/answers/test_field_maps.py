"""A question without a class is hidden and listed, whatever else the map says of it."""

from pathlib import Path

import pytest

from ingestion.answers.field_maps import load_field_map
from ingestion.answers.reading import AnswerReader

WRITTEN = """\
role: journal
fields:
  family_code: {path: family_code, class: sensitive}
  mood_text: {path: j/mood}
  income_sources:
    path: j/income
    class: open
    items:
      gross_local: {path: gross, cast: decimal, class: open}
      employer_name: {path: employer}
  debts:
    path: j/debts
    items:
      lender_name: {path: lender, class: open}
not_carried:
  start: open
  where:
"""
PAYLOAD = {
    "family_code": "MX-01-0001",
    "j/mood": "Zenobia is sad",
    "j/income": [{"j/income/gross": "5", "j/income/employer": "Zenobia"}],
    "j/debts": [{"j/debts/lender": "Zenobia"}],
    "where": "19.4 -99.1",
    "start": "2021-01-01",
}
UNCLASSED = {"j/mood", "j/income/employer", "j/debts", "j/debts/lender", "where"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "map.yml"
    written.write_text(WRITTEN)
    return written


def test_an_answer_without_a_class_never_leaves_the_payload(path: Path) -> None:
    read = AnswerReader(load_field_map(path)).read(PAYLOAD, None)

    assert read.answers == {
        "family_code": "MX-01-0001",
        "income_sources": [{"gross_local": 5}],
    }
    assert read.contact == {}


def test_questions_without_a_class_are_listed(path: Path) -> None:
    field_map = load_field_map(path)

    assert field_map.unclassified_paths() == UNCLASSED
    assert AnswerReader(field_map).read(PAYLOAD, None).unknown_paths == UNCLASSED


def test_a_class_given_later_lets_the_answer_through(path: Path) -> None:
    path.write_text(WRITTEN.replace("{path: j/mood}", "{path: j/mood, class: open}"))

    read = AnswerReader(load_field_map(path)).read(PAYLOAD, None)

    assert read.answers["mood_text"] == "Zenobia is sad"

"""Whatever a form and its versions look like, its draft can be read and is complete."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from ingestion.sources.base import FormVersion, QuestionDefinition
from tests.ingestion.proposals.versions import (
    every_entry,
    proposed,
    question,
    unaccounted,
    versions,
)

NAMES = ("a", "b", "income", "incomes", "nombre", "yes", "1st", "Überschuss")
GROUPS = ("", "g/", "h/", "g/r/", "h/r/", "g/r/s/")
REPEATS = ("g/r", "h/r", "g/r/s")
KINDS = ("text", "integer", "date", "calculate", "note", "geopoint", "select_multiple")
LABELS = (None, "How much came in?", "¿Cuánto entró?", "In the last 7 days", "")
MAP = """\
role: journal
fields:
  income_local: {path: g/income, cast: decimal, class: open}
  rows:
    class: open
    path: g/r
    items:
      a_text: {path: a, class: sensitive}
not_carried:
  h/b: identifying
"""


@some.composite
def questions(draw: some.DrawFn) -> QuestionDefinition:
    path = draw(some.sampled_from(GROUPS)) + draw(some.sampled_from(NAMES))
    around = [repeat for repeat in REPEATS if path.startswith(f"{repeat}/")]
    return question(
        path,
        draw(some.sampled_from(KINDS)),
        label=draw(some.sampled_from(LABELS)),
        repeat_path=max(around, key=len, default=None),
        choices=draw(some.sampled_from([(), ("yes", "no"), ("1", "2", "3")])),
    )


def forms() -> some.SearchStrategy[list[FormVersion]]:
    version = some.lists(questions(), max_size=8, unique_by=lambda one: one.path)
    listed = some.lists(version, min_size=1, max_size=4)
    return listed.map(lambda asked: versions(*asked))


# Two repeats of one name, each alone before both are asked.
IN_G, IN_H = (
    question(f"{group}/r/a", "text", repeat_path=f"{group}/r") for group in "gh"
)


@pytest.mark.parametrize("text", [MAP, "role: journal\nfields: {}\n"])
@example(form=versions([IN_G], [IN_H], [IN_G, IN_H]))
@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(form=forms())
def test_a_draft_is_complete_keeps_what_was_accepted_and_is_final(
    tmp_path: Path, text: str, form: list[FormVersion]
) -> None:
    before, _ = proposed(tmp_path, text, [])

    draft, found = proposed(tmp_path, text, form)

    assert before.text == text
    assert unaccounted(found, form) == set()
    entries = every_entry(found.written.fields)
    assert text != MAP or entries["income_local"][:2] == ("open", "decimal")
    again, _ = proposed(tmp_path, draft.text, form)
    assert again.text == draft.text

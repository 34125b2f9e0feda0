"""What is proposed for questions that a map does not know, and why."""

from pathlib import Path

import pytest

from ingestion.answers.field_maps import PathEntry
from ingestion.proposals import propose_like
from ingestion.sources.base import QuestionDefinition
from tests.ingestion.proposals.versions import (
    loaded,
    proposed,
    question,
    unaccounted,
    versions,
)

MAP = """\
role: journal
fields:
  income_local: {path: money/income, cast: decimal, class: open}
"""
INCOME = question("money/income", "decimal", label="How much came in?")


def places(
    folder: Path, *later: QuestionDefinition, text: str = MAP
) -> tuple[PathEntry, ...]:
    """Return where income stands after a second version that asks something else."""
    forms = versions([INCOME], list(later))
    _, found = proposed(folder, text, forms)
    assert unaccounted(found, forms) == set()
    return found.written.fields["income_local"].places


MOVED = (
    PathEntry(path="money/income", until="v1"),
    PathEntry(path="home/income", since="v2"),
)


def test_a_question_in_another_group_is_the_same(tmp_path: Path) -> None:
    assert places(tmp_path, question("home/income", "decimal")) == MOVED


def test_a_question_with_the_same_label_is_the_same(tmp_path: Path) -> None:
    later = question("q7", "decimal", label="How much came in?")

    assert places(tmp_path, later)[1] == PathEntry(path="q7", since="v2")


def test_a_similar_label_in_any_language_is_enough(tmp_path: Path) -> None:
    first = question("a", labels={"en": "Any trouble?", "es": "¿Hubo algún problema?"})
    later = question("b", labels={"en": "Difficulty", "es": "¿Hubo algun problema?"})
    text = "role: journal\nfields:\n  trouble_text: {path: a, class: sensitive}\n"

    _, found = proposed(tmp_path, text, versions([first], [later]))

    entry = found.written.fields["trouble_text"]
    assert [place.path for place in entry.places] == ["a", "b"]


def test_a_similar_name_is_enough_where_there_is_no_label(tmp_path: Path) -> None:
    later = question("money/incomes", "decimal")

    assert places(tmp_path, later)[1].path == "money/incomes"


@pytest.mark.parametrize(
    "later",
    [
        question("home/income", "select_multiple", choices=("job", "shop", "none")),
        question("home/income", "decimal", label="Which day do you prefer to be seen?"),
        question("q7", "decimal", label="How often do you eat?"),
    ],
    ids=["another kind", "another question by that name", "another question"],
)
def test_what_differs_is_another_question(
    tmp_path: Path, later: QuestionDefinition
) -> None:
    assert places(tmp_path, later) == (PathEntry(path="money/income", until="v1"),)


def test_other_numbers_in_a_label_are_another_question(tmp_path: Path) -> None:
    first = question("a", "integer", label="Meals left out in the last 7 days")
    later = question("b", "integer", label="Meals left out in the last 30 days")
    text = "role: journal\nfields:\n  meal_count: {path: a, cast: integer, class: open}"

    _, found = proposed(tmp_path, text, versions([first], [later]))

    assert list(found.written.fields) == ["meal_count", "b"]


@pytest.mark.parametrize("are_together_first", [True, False])
def test_questions_asked_together_are_never_the_same(
    tmp_path: Path,
    are_together_first: bool,  # noqa: FBT001 - pytest
) -> None:
    other = question("home/income", "decimal", label="How much came in?")
    asked = [[INCOME, other], [other]]
    forms = versions(*(asked if are_together_first else reversed(asked)))

    _, found = proposed(tmp_path, MAP, forms)

    assert [place.path for place in found.written.fields["income_local"].places] == [
        "money/income"
    ]
    assert "income" in found.written.fields


@pytest.mark.parametrize(
    ("choices", "is_the_same"),
    [("12345", False), ("0123456789", True), ("abcdefghijk", False)],
)
def test_other_choices_are_another_measure(
    tmp_path: Path,
    choices: str,
    is_the_same: bool,  # noqa: FBT001 - pytest
) -> None:
    label = "How satisfied are you?"
    eleven = [*"0123456789", "10"]
    first = question("a", "select_one", label=label, choices=eleven)
    later = question("b", "select_one", label=label, choices=choices)
    text = "role: journal\nfields:\n  score: {path: a, cast: integer, class: open}\n"

    _, found = proposed(tmp_path, text, versions([first], [later]))

    assert (list(found.written.fields) == ["score"]) is is_the_same


def test_the_same_choices_tell_where_names_and_labels_do_not(tmp_path: Path) -> None:
    first = question("a", "select_one", choices=("job", "shop", "farm"))
    later = question("work/type", "select_one", choices=("job", "shop", "farm"))
    other = question("x", "text")
    text = "role: journal\nfields:\n  kind_code: {path: a, class: open}\n"

    _, found = proposed(tmp_path, text, versions([first, other], [other, later]))

    entry = found.written.fields["kind_code"]
    assert [place.path for place in entry.places] == ["a", "work/type"]


def test_a_question_that_vanished_gets_an_until(tmp_path: Path) -> None:
    assert places(tmp_path, question("other")) == (
        PathEntry(path="money/income", until="v1"),
    )


def test_a_question_that_comes_back_holds_in_both_versions(tmp_path: Path) -> None:
    text = MAP.replace("path: money/income", "paths: [{path: money/income, until: v1}]")
    forms = versions([INCOME], [question("other")], [INCOME])

    _, found = proposed(tmp_path, text, forms)

    assert found.written.fields["income_local"].places == (
        PathEntry(path="money/income", until="v1"),
        PathEntry(path="money/income", since="v3"),
    )
    assert unaccounted(found, forms) == set()


@pytest.mark.parametrize("names", [(None, None), ("v2", "v1"), ("v1", "v1")])
def test_versions_that_cannot_be_ordered_get_no_bounds(
    tmp_path: Path, names: tuple[str | None, str | None]
) -> None:
    forms = versions([INCOME], [question("home/income", "decimal")], names=names)

    _, found = proposed(tmp_path, MAP, forms)

    assert found.written.fields["income_local"].places == (
        PathEntry(path="money/income"),
        PathEntry(path="home/income"),
    )


@pytest.mark.parametrize(
    ("asked", "cast"),
    [
        (question("q", "integer"), "integer"),
        (question("q", "decimal"), "decimal"),
        (question("q", "date"), "date"),
        (question("report_month", "date"), "month"),
        (question("q", "dateTime"), "instant"),
        (question("q", "select_multiple", choices=("a", "b")), "list"),
        (question("q", "select_one", choices=("yes", "no")), "boolean"),
        (question("q", "select_one", choices=("yes", "no", "dk")), "text"),
        (question("q", "select_one", choices=("0", "1", "2")), "integer"),
        (question("q", "text"), "text"),
    ],
)
def test_a_new_question_is_read_by_its_type_and_hidden(
    tmp_path: Path, asked: QuestionDefinition, cast: str
) -> None:
    _, found = proposed(tmp_path, MAP, versions([INCOME, asked]))

    (name,) = found.written.fields.keys() - {"income_local"}
    entry = found.written.fields[name]
    assert (entry.cast, entry.field_class) == (cast, "sensitive")


def test_who_the_family_is_goes_to_pii_and_nowhere_else(tmp_path: Path) -> None:
    asked = [
        INCOME,
        question("who/nombre", label="Nombre completo"),
        question("who/q2", label="Your telephone number (mobile)"),
        question("who/mobile2", label="Another mobile"),
        question("who/firma", "image"),
        question("where", "geopoint"),
        question("deviceid", "deviceid"),
        question("kids/name", repeat_path="kids"),
        question("kids/age", "integer", repeat_path="kids"),
    ]

    _, found = proposed(tmp_path, MAP, versions(asked))

    classes = {name: one.field_class for name, one in found.written.fields.items()}
    assert classes == {
        "income_local": "open",
        "contact_name": "identifying",
        "contact_phone": "identifying",
        "signature_file": "identifying",
        "kids": "sensitive",
    }
    assert list(found.written.fields["kids"].items or {}) == ["age"]
    assert found.written.not_carried == {
        "who/mobile2": "identifying",
        "where": "identifying",
        "deviceid": "identifying",
        "kids/name": "identifying",
    }
    assert unaccounted(found, versions(asked)) == set()


def test_a_repeat_that_moved_keeps_its_names(tmp_path: Path) -> None:
    text = """\
role: journal
fields:
  members:
    class: sensitive
    path: home/members
    items:
      age_years: {path: age, cast: integer, class: sensitive}
"""
    first = [
        question("home/members/age", "integer", repeat_path="home/members"),
    ]
    later = [
        question("who/members/age", "integer", repeat_path="who/members"),
        question("who/members/school", repeat_path="who/members"),
    ]

    _, found = proposed(tmp_path, text, versions(first, later))

    members = found.written.fields["members"]
    assert [place.path for place in members.places] == ["home/members", "who/members"]
    assert (members.items or {})["age_years"].places == (PathEntry(path="age"),)
    assert (members.items or {})["school"].places == (
        PathEntry(path="school", since="v2"),
    )
    assert unaccounted(found, versions(first, later)) == set()


def test_a_repeat_inside_a_repeat_is_accounted_for(tmp_path: Path) -> None:
    asked = [
        question("visits/on", "date", repeat_path="visits"),
        question("visits/topics/topic", repeat_path="visits/topics"),
    ]

    _, found = proposed(tmp_path, MAP, versions([INCOME, *asked]))

    topics = (found.written.fields["visits"].items or {})["topics"]
    assert list(topics.items or {}) == ["topic"]
    assert unaccounted(found, versions([INCOME, *asked])) == set()


def test_names_are_made_of_the_questions_and_differ(tmp_path: Path) -> None:
    asked = [question("a/¿Qué?"), question("b/que"), question("c/7th"), question("d/ñ")]

    _, found = proposed(tmp_path, MAP, versions([INCOME, *asked]))

    assert list(found.written.fields)[1:] == ["que", "que_2", "question_7th", "n"]
    assert unaccounted(found, versions([INCOME, *asked])) == set()


def test_a_contact_that_is_like_none_of_the_product_goes_to_pii_all_the_same(
    tmp_path: Path,
) -> None:
    forms = versions([question("q1_surname")], [question("family", label="Surname?")])

    found = loaded(tmp_path, propose_like("enrolment", forms))

    assert list(found.written.fields) == ["contact_name"]
    assert unaccounted(found, forms) == set()


def test_a_form_of_a_role_without_a_form_of_its_own_is_told_by_names(
    tmp_path: Path,
) -> None:
    forms = versions(
        [question("amount_local", "decimal"), question("due_date", "date")]
    )

    found = loaded(tmp_path, propose_like("journal_payments", forms))

    assert found.role == "journal_payments"
    assert {"amount_local", "due_date"} == set(found.written.fields)

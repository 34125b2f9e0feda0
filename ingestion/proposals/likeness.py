"""How like a question is to another: by name, by label in any language, by choices."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from ingestion.proposals.asked import Asked
from ingestion.proposals.drafts import Draft

LIKE_ENOUGH = 0.75
LABELS_AGREE = 0.6
LABELS_CONTRADICT = 0.4
LABEL_IS_LIKE = 0.8
CHOICES_AGREE = 0.5
OTHER_NUMBERS = 0.5
# Two lists of yes and no are no sign that questions are the same.
TELLING_CHOICES = 3
BY_CHOICES = 0.75

KINDS = {
    "integer": "number",
    "decimal": "number",
    "range": "number",
    "date": "date",
    "today": "date",
    "dateTime": "instant",
    "datetime": "instant",
    "start": "instant",
    "end": "instant",
    "select_one": "choice",
    "select_multiple": "choices",
    "select_multiple_from_file": "choices",
    "rank": "choices",
    "barcode": "text",
}
MADE_BY_THE_FORM = frozenset({"calculate", "hidden"})
# Codes of a list outside of the form, which another form may let people type.
CODES = "select_one_from_file"
TYPED_OR_CHOSEN = frozenset({"text", "choice"})


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like, and in what.

    Attributes:
        score: From 0 to 1.
        reason: For the person who reviews.
        by_name: How like the names are; decides between equals.
    """

    score: float
    reason: str
    by_name: float = 0.0

    def __str__(self) -> str:
        """Return it as a comment says it."""
        return f"{self.reason} (similarity {self.score:.2f})"


def likeness(question: Asked, draft: Draft) -> Likeness | None:
    """Return how like a question is to those a draft is asked by; None if it is not."""
    if question.is_repeat != (draft.items is not None):
        return None
    places = [] if draft.is_example else draft.places
    if any(place.path == question.inside for place in places):
        return Likeness(1.0, f"the same path as {draft.name} in other versions", 1.0)
    compare = _of_repeats if question.is_repeat else _of_questions
    known = {one.path: one for one in draft.asked.values()}.values()
    found = [compare(question, one, draft) for one in known]
    if not known and draft.is_carried:
        found = [_by_name_alone(question, draft)]
    likely = [one for one in found if one is not None]
    return max(likely, key=lambda one: (one.score, one.by_name), default=None)


def may_be_the_same(question: Asked, other: Asked) -> bool:
    """Return whether two questions could be one although their names differ.

    Other kinds of answers, or other choices such as five points instead of ten, are
    another measure; so are labels that contradict one another.
    """
    if not _kinds_agree(question, other) or not _choices_agree(question, other):
        return False
    by_label = label_ratio(question.labels, other.labels)
    return by_label is None or by_label >= LABELS_AGREE


def _of_questions(question: Asked, other: Asked, draft: Draft) -> Likeness | None:
    del draft
    if not _kinds_agree(question, other) or not _choices_agree(question, other):
        return None
    by_name = ratio(question.name, other.name)
    by_label = label_ratio(question.labels, other.labels)
    found = [
        _by_same_name(question, other, by_label),
        _by_label(other, by_label, by_name),
        _by_like_name(other, by_label, by_name),
        _by_choices(question, other, by_label, by_name),
    ]
    likely = [one for one in found if one is not None]
    return max(likely, key=lambda one: one.score, default=None)


def _by_same_name(
    question: Asked, other: Asked, by_label: float | None
) -> Likeness | None:
    if question.name != other.name:
        return None
    if by_label is None or by_label >= LABELS_AGREE:
        moved = "" if question.path == other.path else "moved group: "
        return Likeness(1.0, f"{moved}the same name as {other.path}", 1.0)
    return None


def _by_label(other: Asked, by_label: float | None, by_name: float) -> Likeness | None:
    if by_label is None or by_label < LABEL_IS_LIKE:
        return None
    same = "the same label" if by_label == 1 else "a similar label"
    return Likeness(by_label, f"{same} as {other.path}", by_name)


def _by_like_name(
    other: Asked, by_label: float | None, by_name: float
) -> Likeness | None:
    if by_name < LIKE_ENOUGH or (by_label is not None and by_label < LABELS_AGREE):
        return None
    return Likeness(by_name, f"a similar name to {other.path}", by_name)


def _by_choices(
    question: Asked, other: Asked, by_label: float | None, by_name: float
) -> Likeness | None:
    if len(question.choices) < TELLING_CHOICES or question.choices != other.choices:
        return None
    if by_label is not None and by_label < LABELS_CONTRADICT:
        return None
    return Likeness(BY_CHOICES, f"the same choices as {other.path}", by_name)


def _of_repeats(question: Asked, other: Asked, draft: Draft) -> Likeness | None:
    """Compare what two repeats ask."""
    del other
    if not question.items:
        return None
    shared = sum(
        any(
            (found := likeness(item, known)) is not None and found.score >= LIKE_ENOUGH
            for known in draft.items or []
        )
        for item in question.items
    )
    score = shared / len(question.items)
    by_name = max(
        ratio(question.name, one.name) for one in draft.asked.values() if one.name
    )
    if by_name == 1 and shared:
        return Likeness(1.0, f"moved group: the repeat {draft.name}", by_name)
    # A repeat that lost or won a few questions is still the one.
    if score < CHOICES_AGREE:
        return None
    return Likeness(
        max(score, LIKE_ENOUGH), f"a repeat with the questions of {draft.name}", by_name
    )


def _by_name_alone(question: Asked, draft: Draft) -> Likeness | None:
    """Compare with a name whose question is in no version that we know."""
    names = [draft.name, *(place.path.rpartition("/")[2] for place in draft.places)]
    score, name = max((ratio(question.name, name), name) for name in names)
    if score < LIKE_ENOUGH:
        return None
    return Likeness(score, f"a similar name to {name}", score)


def _kinds_agree(question: Asked, other: Asked) -> bool:
    if MADE_BY_THE_FORM & {question.type, other.type}:
        return question.is_repeat == other.is_repeat
    kinds = [_kinds(question.type), _kinds(other.type)]
    return bool(kinds[0] & kinds[1])


def _kinds(question_type: str) -> frozenset[str]:
    if question_type == CODES:
        return TYPED_OR_CHOSEN
    return frozenset({KINDS.get(question_type, question_type)})


def _choices_agree(question: Asked, other: Asked) -> bool:
    if not question.choices or not other.choices:
        return True
    shared = question.choices & other.choices
    return len(shared) / len(question.choices | other.choices) >= CHOICES_AGREE


def label_ratio(one: Mapping[str, str], other: Mapping[str, str]) -> float | None:
    """Return how like two questions read in the language where they are most alike.

    Languages are compared with their own; those that no form shares, with all.
    """
    shared = one.keys() & other.keys()
    pairs: Iterable[tuple[str, str]] = (
        [(one[language], other[language]) for language in shared]
        if shared
        else [(left, right) for left in one.values() for right in other.values()]
    )
    ratios = [
        ratio(left, right) * _numbers_agree(left, right)
        for left, right in ((_plain(left), _plain(right)) for left, right in pairs)
        if left and right
    ]
    return max(ratios, default=None)


def _numbers_agree(one: str, other: str) -> float:
    """Return less than 1 where labels differ in numbers: 7 days are not 30 days."""
    same = re.findall(r"\d+", one) == re.findall(r"\d+", other)
    return 1.0 if same else OTHER_NUMBERS


def ratio(one: str, other: str) -> float:
    """Return how like two texts are, from 0 to 1."""
    if one == other:
        return 1.0
    # Not what is frequent but what is the same counts, however long a label is.
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _plain(label: str) -> str:
    """Return a label without accents, signs and references to other answers."""
    without_references = re.sub(r"\$\{[^}]*\}", " ", label)
    decomposed = unicodedata.normalize("NFKD", without_references.casefold())
    letters = (
        one if one.isalnum() else " "
        for one in decomposed
        if not unicodedata.combining(one)
    )
    return " ".join("".join(letters).split())

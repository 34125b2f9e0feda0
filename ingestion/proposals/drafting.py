"""From a map and the versions of a form to a map that accounts for every question."""

from collections.abc import Iterable, Sequence

from ingestion.answers.field_maps import FieldMapFile
from ingestion.proposals.asked import Asked, asked_in
from ingestion.proposals.bounds import set_bounds
from ingestion.proposals.drafts import Draft, DraftMap, Place, every_draft
from ingestion.proposals.likeness import Likeness
from ingestion.proposals.matching import Version, account_for, match
from ingestion.proposals.new_fields import new_field
from ingestion.sources.base import FormVersion, QuestionDefinition

# The product's own form stands before the versions of the form that is like it.
EXAMPLE = 0
AS_GOOD_AS_THE_SAME = 0.95


def draft_map(written: FieldMapFile, versions: Iterable[FormVersion]) -> DraftMap:
    """Return the map with a proposal for every question that it does not know.

    Args:
        written: The present map.
        versions: Every version of the form.
    """
    draft = DraftMap.of(written)
    known = _versions(versions)
    for version in known:
        account_for(draft, draft.fields, version.asked, version)
    _propose(draft, known)
    set_bounds(draft, known)
    return draft


def draft_map_like(
    example: FieldMapFile,
    example_questions: Iterable[QuestionDefinition],
    versions: Iterable[FormVersion],
) -> DraftMap:
    """Return a map for a form that has none, by its likeness to the product's own.

    Args:
        example: The product's map for forms of this role.
        example_questions: What the product's form asks.
        versions: Every version of the form.
    """
    draft = DraftMap.of(example)
    own = _version(EXAMPLE, None, example_questions)
    account_for(draft, draft.fields, own.asked, own)
    for one in every_draft(draft.fields):
        one.is_example = True
        if one.is_carried and not one.asked:
            one.places = one.places[:1]
    draft.not_carried = {}
    known = _versions(versions)
    _propose(draft, known, own)
    for one in every_draft(draft.fields):
        one.asked.pop(EXAMPLE, None)
    draft.fields = _without_examples(draft.fields)
    set_bounds(draft, known)
    return draft


def _versions(versions: Iterable[FormVersion]) -> list[Version]:
    ordered = sorted(versions, key=lambda version: version.number)
    return [_version(one.number, one.name, one.questions) for one in ordered]


def _version(
    number: int, name: str | None, questions: Iterable[QuestionDefinition]
) -> Version:
    asked = asked_in(questions)
    paths = frozenset(path for one in asked for path in one.every_path())
    return Version(number, name, asked, paths)


def _propose(draft: DraftMap, known: Sequence[Version], *others: Version) -> None:
    by_number = {version.number: version for version in (*known, *others)}
    for version in known:
        _propose_level(draft, draft.fields, version.asked, version, by_number)


def _propose_level(  # noqa: PLR0913 - what a level's questions are compared with
    draft: DraftMap,
    level: list[Draft],
    asked: list[Asked],
    version: Version,
    by_number: dict[int, Version],
    *,
    is_inside_repeat: bool = False,
) -> None:
    unknown = account_for(draft, level, asked, version)
    for question, known, found in match(level, asked, unknown, version, by_number):
        _take(draft, question, known, found)
    found_paths = {
        one.asked[version.number].path for one in level if version.number in one.asked
    }
    for question in unknown:
        if question.path not in found_paths:
            _add(draft, level, question, version, is_inside_repeat=is_inside_repeat)
    for one in list(level):
        repeat = one.asked.get(version.number)
        if repeat is not None and one.items is not None:
            _propose_level(
                draft,
                one.items,
                repeat.items,
                version,
                by_number,
                is_inside_repeat=True,
            )


def _take(draft: DraftMap, question: Asked, known: Draft, found: Likeness) -> None:
    """Propose that a question is one that has a name."""
    if not known.is_carried:
        known.is_example = False
        draft.leave_out(question.path, known.field_class, str(found))
        return
    if known.is_example:
        known.is_example, known.is_new, known.places = False, True, []
        if found.score < AS_GOOD_AS_THE_SAME and known.field_class == "open":
            known.field_class = "sensitive"
    known.places.append(Place(question.inside, reason=str(found)))


def _add(
    draft: DraftMap,
    level: list[Draft],
    question: Asked,
    version: Version,
    *,
    is_inside_repeat: bool,
) -> None:
    """Propose a name of its own for a question."""
    own = new_field(question, level, is_inside_repeat=is_inside_repeat)
    # An example that nothing turned out to be makes room for what has its name.
    level[:] = [one for one in level if not one.is_example or one.name != own.name]
    level.append(own)
    for one in every_draft([own]):
        if not one.is_carried:
            draft.leave_out(one.name, one.field_class, one.reason or "")
    own.asked[version.number] = question
    if own.items is not None:
        account_for(draft, own.items, question.items, version)


def _without_examples(level: list[Draft]) -> list[Draft]:
    kept = [one for one in level if not one.is_example]
    for one in kept:
        if one.items is not None:
            one.items = _without_examples(one.items)
    return kept

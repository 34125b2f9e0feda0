"""Which question of a version is which of the names a map has, level by level."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingestion.proposals.asked import Asked
from ingestion.proposals.drafts import Draft, DraftMap
from ingestion.proposals.likeness import (
    BY_CHOICES,
    LIKE_ENOUGH,
    Likeness,
    likeness,
    may_be_the_same,
    ratio,
)

SAME_PLACE = 0.6


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a form.

    Attributes:
        number: Counts from 1, oldest first.
        name: The form's own name of it.
        asked: What it asks.
        paths: Every path in it.
    """

    number: int
    name: str | None
    asked: list[Asked]
    paths: frozenset[str]


def account_for(
    draft: DraftMap, level: list[Draft], asked: Iterable[Asked], version: Version
) -> list[Asked]:
    """Note which names of a level a version's questions have; return the others.

    Questions inside a repeat that is accounted for are noted too; those of them that
    are not are found when the repeat's own level is looked at.
    """
    unknown = []
    for question in asked:
        known = _known(level, question, version)
        if known is not None:
            known.asked.setdefault(version.number, question)
            if known.items is not None:
                account_for(draft, known.items, question.items, version)
        elif set(question.answer_paths()) <= draft.not_carried.keys():
            _note_left_out(draft, level, question, version)
        else:
            unknown.append(question)
    return unknown


def _known(level: list[Draft], question: Asked, version: Version) -> Draft | None:
    for draft in level:
        is_other_kind = (draft.items is None) == question.is_repeat
        if draft.is_example or not draft.is_carried or is_other_kind:
            continue
        if any(
            place.path == question.inside and place.holds_in(version.name)
            for place in draft.places
        ):
            return draft
    return None


def _note_left_out(
    draft: DraftMap, level: list[Draft], question: Asked, version: Version
) -> None:
    if question.is_repeat:
        return
    for known in level:
        paths = {known.name, *(one.path for one in known.asked.values())}
        if not known.is_carried and not known.is_example and question.path in paths:
            known.asked[version.number] = question
            return
    left_out = Draft(question.path, draft.not_carried[question.path], is_carried=False)
    left_out.asked[version.number] = question
    level.append(left_out)


def match(
    level: list[Draft],
    asked: list[Asked],
    unknown: list[Asked],
    version: Version,
    versions: Mapping[int, Version],
) -> list[tuple[Asked, Draft, Likeness]]:
    """Return which of the unknown questions of a level are names that it has.

    A name is free for a question when no other question has it in this version, and
    when the two are never asked together.
    """
    free = [one for one in level if _is_free(one, version)]
    pairs = _likely_pairs(unknown, free, versions)
    matched = _best_first(pairs)
    for question, draft, _ in matched:
        draft.asked[version.number] = question
    taken = {question.path for question, _, _ in matched}
    left = {question.path for question in unknown} - taken
    return matched + _by_place(level, asked, left, version, versions)


def _is_free(draft: Draft, version: Version) -> bool:
    return version.number not in draft.asked


def _likely_pairs(
    unknown: Iterable[Asked], free: list[Draft], versions: Mapping[int, Version]
) -> list[tuple[Asked, Draft, Likeness]]:
    pairs = [
        (question, draft, found)
        for question in unknown
        for draft in free
        if not _asked_together(question, draft, versions)
        and (found := likeness(question, draft)) is not None
        and found.score >= LIKE_ENOUGH
    ]
    # Where several share a list of choices, the list says nothing of which is which.
    by_choices = [pair for pair in pairs if pair[2].score == BY_CHOICES]
    questions = Counter(question.path for question, _, _ in by_choices)
    drafts = Counter(id(draft) for _, draft, _ in by_choices)
    return [
        pair
        for pair in pairs
        if pair[2].score != BY_CHOICES
        or questions[pair[0].path] == drafts[id(pair[1])] == 1
    ]


def _asked_together(
    question: Asked, draft: Draft, versions: Mapping[int, Version]
) -> bool:
    """Return whether any version asks both, also one that is looked at later."""
    others = {one.path for one in draft.asked.values()} - {question.path}
    return any(
        question.path in version.paths and not others.isdisjoint(version.paths)
        for version in versions.values()
    )


def _best_first(
    pairs: list[tuple[Asked, Draft, Likeness]],
) -> list[tuple[Asked, Draft, Likeness]]:
    matched: list[tuple[Asked, Draft, Likeness]] = []
    questions: set[str] = set()
    drafts: set[int] = set()  # a name and a path that is left out may be the same
    ranked = sorted(pairs, key=lambda pair: (-pair[2].score, -pair[2].by_name))
    for question, draft, found in ranked:
        if question.path in questions or id(draft) in drafts:
            continue
        questions.add(question.path)
        drafts.add(id(draft))
        matched.append((question, draft, found))
    return matched


def _by_place(
    level: list[Draft],
    asked: list[Asked],
    left: set[str],
    version: Version,
    versions: Mapping[int, Version],
) -> list[tuple[Asked, Draft, Likeness]]:
    """Match what stands between the same two neighbours as before.

    Questions that the form answers itself have no label, so their names and their
    place are all that is known of them.
    """
    matched = []
    names = {
        one.asked[version.number].path: one
        for one in level
        if version.number in one.asked
    }
    for before, run, after in _runs(asked, left):
        around = (names.get(before or ""), names.get(after or ""))
        for other_version in _nearest(level, version):
            drafts = _between(level, around, other_version, version)
            if len(drafts) == len(run) and _fit(run, drafts, other_version, versions):
                matched += [
                    (question, draft, _same_place(question, draft, other_version))
                    for question, draft in zip(run, drafts, strict=True)
                ]
                break
    for question, draft, _ in matched:
        draft.asked[version.number] = question
    return matched


def _runs(
    asked: list[Asked], left: set[str]
) -> list[tuple[str | None, list[Asked], str | None]]:
    """Return questions that are left, in runs, with the path before and after each."""
    runs: list[tuple[str | None, list[Asked], str | None]] = []
    before: str | None = None
    run: list[Asked] = []
    for question in asked:
        if question.path in left:
            run.append(question)
            continue
        if run:
            runs.append((before, run, question.path))
        before, run = question.path, []
    return [*runs, (before, run, None)] if run else runs


def _nearest(level: list[Draft], version: Version) -> list[int]:
    numbers = {number for draft in level for number in draft.asked} - {version.number}
    return sorted(numbers, key=lambda number: (abs(number - version.number), -number))


def _between(
    level: list[Draft],
    around: tuple[Draft | None, Draft | None],
    number: int,
    version: Version,
) -> list[Draft]:
    """Return the free names between two others in another version, in its order."""
    order = sorted(
        (one for one in level if number in one.asked),
        key=lambda one: one.asked[number].place,
    )
    first, last = around
    if any(one is not None and one not in order for one in around):
        return []
    start = 0 if first is None else order.index(first) + 1
    end = len(order) if last is None else order.index(last)
    return [one for one in order[start:end] if _is_free(one, version)]


def _fit(
    run: list[Asked],
    drafts: list[Draft],
    number: int,
    versions: Mapping[int, Version],
) -> bool:
    return all(
        not question.is_repeat
        and may_be_the_same(question, draft.asked[number])
        and not _asked_together(question, draft, versions)
        for question, draft in zip(run, drafts, strict=True)
    )


def _same_place(question: Asked, draft: Draft, number: int) -> Likeness:
    other = draft.asked[number]
    score = max(SAME_PLACE, ratio(question.name, other.name))
    return Likeness(score, f"the same place in the form as {other.path}")

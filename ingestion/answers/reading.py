"""From one submission to its answers under canonical names.

Repeats come in two shapes: an array of items, or, after the server has read an old
submission with a form that no longer has the repeat, one item flat among the answers.

Most answers have been given before, by another family or in another month: "yes", "0",
"1500". What such a text means is worked out once and remembered, which makes reading
ten times faster.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingestion.answers.casts import Value, cast_answer
from ingestion.answers.field_maps import FieldMap, Question

Answers = dict[str, Any]
# What the server adds to every submission beside the answers.
SYSTEM_PREFIXES = ("_", "meta/", "formhub/")
PROBLEM_VALUE_LENGTH = 200
REMEMBERED_TEXTS = 4_096  # of one question; more are read each time they come
REMEMBERED_PATHS = 1_000


@dataclass(slots=True)
class ReadSubmission:
    """What reading one submission gave.

    Attributes:
        answers: By canonical name; unanswered and unreadable ones are absent.
        contact: Identifying answers, for `pii` only.
        problems: `field`, `value`, `reason` of every answer that could not be read.
        unknown_paths: Answered questions that the map does not account for.
    """

    answers: Answers = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    unknown_paths: set[str] = field(default_factory=set)


class _Asked(NamedTuple):
    """One question as one version of the form asks it.

    A tuple, since every submission unpacks a hundred of them.

    Attributes:
        first_path: Where the answer most likely stands; the only place of most.
        name: The canonical name.
        meaning: Of a text that was read before, or None.
        question: All that the map says.
        remembered: Text -> what it means.
        items: For a repeat: path of the repeat -> what an item asks. Else empty.
    """

    first_path: str
    name: str
    meaning: Callable[[str], Value | None]
    question: Question
    remembered: dict[str, Value]
    items: Mapping[str, "_Items"]


class _Items(NamedTuple):
    """What the items of a repeat ask, and all the paths that these have."""

    asked: tuple[_Asked, ...]
    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of the form.

    Attributes:
        asked: The questions, in the map's order.
        known_paths: What the map accounts for.
        list_paths: Those of them at which an array may hold more questions.
        passed_over: `known_paths` and what the server adds, as far as seen.
    """

    asked: tuple[_Asked, ...]
    known_paths: frozenset[str]
    list_paths: tuple[str, ...]
    passed_over: set[str]


class AnswerReader:
    """Reads the submissions of one form, whichever version they were made with."""

    def __init__(self, field_map: FieldMap) -> None:
        self._map = field_map
        self._by_version: dict[str | None, _Version] = {}

    def read(
        self, payload: Mapping[str, Any], version_name: str | None
    ) -> ReadSubmission:
        """Return the answers in `payload`, made with `version_name` of the form."""
        version = self._by_version.get(version_name) or self._version(version_name)
        result = ReadSubmission()
        result.answers = _collect(payload, version.asked, result, "")
        result.unknown_paths = _unknown_paths(payload, version)
        return result

    def _version(self, version_name: str | None) -> _Version:
        known = self._map.known_paths(version_name)
        asked = _asked(self._map.questions(version_name))
        single = {path for one in asked if not one.items for path in one.question.paths}
        in_items = {
            path
            for one in asked
            for inner in one.items.values()
            for path in inner.paths
        }
        lists = tuple(sorted(known - single - in_items))
        version = _Version(asked, known, lists, set(known))
        self._by_version[version_name] = version
        return version


def _asked(questions: Iterable[Question]) -> tuple[_Asked, ...]:
    asked = []
    for question in questions:
        remembered: dict[str, Value] = {}
        is_itself = question.cast == "text" and not question.is_identifying
        items = {
            path: _Items(
                _asked(inner), frozenset(p for one in inner for p in one.all_paths())
            )
            for path, inner in (question.items or {}).items()
        }
        asked.append(
            _Asked(
                first_path=question.paths[0],
                name=question.name,
                meaning=str if is_itself and not items else remembered.get,
                question=question,
                remembered=remembered,
                items=items,
            )
        )
    return tuple(asked)


def _collect(
    source: Mapping[str, Any],
    asked: Iterable[_Asked],
    result: ReadSubmission,
    inside: str,
) -> Answers:
    answers: Answers = {}
    get = source.get
    for one in asked:
        first_path, name, meaning, question, _, items = one
        raw = get(first_path)
        # The usual cases first: text that was read before, and nothing at all.
        if type(raw) is str and raw:
            value: object = meaning(raw)
            if value is not None:
                answers[name] = value
                continue
        elif raw is None and not items and len(question.paths) == 1:
            continue
        read = _read_repeat if items else _read_answer
        value = read(source, one, result, inside)
        if value is not None:
            answers[name] = value
    return answers


def _read_answer(
    source: Mapping[str, Any], one: _Asked, result: ReadSubmission, inside: str
) -> Value | None:
    question = one.question
    raw = next((source[path] for path in question.paths if path in source), None)
    if raw is None or raw == "":
        return None
    if question.is_identifying:
        result.contact[question.name] = str(raw)
        return None
    try:
        value = cast_answer(raw, question.cast)
    except ValueError as error:
        result.problems.append(
            {
                "field": inside + question.name,
                "value": str(raw)[:PROBLEM_VALUE_LENGTH],
                "reason": str(error),
            }
        )
        return None
    if type(raw) is str and len(one.remembered) < REMEMBERED_TEXTS:
        one.remembered[raw] = value
    return value


def _read_repeat(
    source: Mapping[str, Any], one: _Asked, result: ReadSubmission, inside: str
) -> list[Answers] | None:
    for path, (asked, paths) in one.items.items():
        items = _repeat_items(source, path, paths)
        if items:
            return [
                _collect(item, asked, result, f"{inside}{one.name}[{index}].")
                for index, item in enumerate(items)
            ]
    return None


def _repeat_items(
    source: Mapping[str, Any], path: str, paths: frozenset[str]
) -> list[Mapping[str, Any]]:
    found = source.get(path)
    if isinstance(found, list):
        return [item for item in found if isinstance(item, dict)]
    if isinstance(found, dict):
        return [found]
    return [] if source.keys().isdisjoint(paths) else [source]


def _unknown_paths(payload: Mapping[str, Any], version: _Version) -> set[str]:
    unknown = set()
    for key in payload.keys() - version.passed_over:
        if not key.startswith(SYSTEM_PREFIXES):
            unknown |= {key} | _paths_inside(payload[key])
        elif len(version.passed_over) < REMEMBERED_PATHS:
            version.passed_over.add(key)
    for path in version.list_paths:
        if path in payload:
            unknown |= _paths_inside(payload[path])
    unknown -= version.known_paths
    return {path for path in unknown if not path.startswith(SYSTEM_PREFIXES)}


def _paths_inside(value: object) -> set[str]:
    """Return the paths of what the items of a repeat hold, at any depth."""
    paths: set[str] = set()
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                paths.update(item)
                for inner in item.values():
                    if type(inner) is list:
                        paths |= _paths_inside(inner)
    return paths

"""From one submission to its answers under canonical names.

Repeats come in two shapes: an array of items, or, after the server has read an old
submission with a form that no longer has the repeat, one item flat among the answers.

Most answers have been given before, by another family or in another month: "yes", "0",
"1500". What such a text means is worked out once and remembered; a submission in which
all is as usual is read ten times faster so, and every other one question by question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import getitem
from typing import Any

import orjson

from ingestion.answers.casts import cast_answer, is_plain
from ingestion.answers.field_maps import FieldMap, Question

Answers = dict[str, Any]
# What the server adds to every submission beside the answers.
SYSTEM_PREFIXES = ("_", "meta/", "formhub/")
PROBLEM_VALUE_LENGTH = 200
REMEMBERED_TEXTS = 1_024  # of one question; more are read each time they come
REMEMBERED_PATHS = 1_000
NUMBERS = frozenset({"integer", "decimal"})


@dataclass(slots=True)
class ReadSubmission:
    """What reading one submission gave.

    Attributes:
        text: JSON, the answers by canonical name; unanswered and unreadable ones are
            absent.
        contact: Identifying answers, for `pii` only.
        problems: `field`, `value`, `reason` of every answer that could not be read.
        unknown_paths: Answered questions that the map does not account for.
    """

    text: str = "{}"
    contact: dict[str, str] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    unknown_paths: set[str] = field(default_factory=set)

    @property
    def answers(self) -> Answers:
        """Return the answers as values."""
        found: Answers = orjson.loads(self.text)
        return found


def as_json(value: object) -> str:
    """Return `value` as JSON text."""
    return orjson.dumps(value).decode()


class _UnusualError(Exception):
    """An answer that cannot be read in passing."""


class _Meanings(dict[str | None, str]):
    """What the texts that answer one question mean, as far as they have come.

    A meaning is a member of a JSON object, name and value; no answer means nothing.
    """

    def __init__(self, question: Question) -> None:
        super().__init__({None: ""})
        self._cast = question.cast
        self._is_number = question.cast in NUMBERS
        self._key = f"{as_json(question.name)}:"

    def __missing__(self, raw: str) -> str:
        if raw == "":
            raise _UnusualError
        try:
            if self._is_number and is_plain(raw):  # most that come for the first time
                meaning = f"{self._key}{int(raw)}"
            else:
                meaning = self._key + as_json(cast_answer(raw, self._cast))
        except ValueError:
            raise _UnusualError from None
        if type(raw) is str and len(self) < REMEMBERED_TEXTS:
            self[raw] = meaning
        return meaning


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one version of the form, or the items of a repeat in it, ask.

    Attributes:
        places: Of what stands in one place and is answered once: what can be read in
            passing.
        meanings: What the texts that stand there mean.
        special: The rest: repeats, names of people, answers in one of several places.
        questions: All of them.
        paths: Every path of any of them.
        items: Path of a repeat -> what its items ask.
    """

    places: tuple[str, ...]
    meanings: tuple[_Meanings, ...]
    special: tuple[Question, ...]
    questions: tuple[Question, ...]
    paths: frozenset[str]
    items: Mapping[str, "_Asked"]


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of the form.

    Attributes:
        asked: What it asks.
        known_paths: What the map accounts for.
        list_paths: Those of them at which an array may hold more questions.
        passed_over: `known_paths` and what the server adds, as far as seen.
    """

    asked: _Asked
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
        result.text = f"{{{_collect(payload, version.asked, result, '')}}}"
        result.unknown_paths = _unknown_paths(payload, version)
        return result

    def _version(self, version_name: str | None) -> _Version:
        known = self._map.known_paths(version_name)
        asked = _asked(self._map.questions(version_name))
        # Only a question of its own can hold an array; those of a repeat are inside it.
        inside = {path for items in asked.items.values() for path in items.paths}
        answered = {
            path
            for question in asked.questions
            if not question.items
            for path in question.paths
        }
        lists = tuple(sorted(known - answered - inside))
        version = _Version(asked, known, lists, set(known))
        self._by_version[version_name] = version
        return version


def _asked(questions: Iterable[Question]) -> _Asked:
    questions = tuple(questions)
    special = tuple(
        question
        for question in questions
        if question.items or question.is_identifying or len(question.paths) > 1
    )
    usual = [question for question in questions if question not in special]
    return _Asked(
        places=tuple(question.paths[0] for question in usual),
        meanings=tuple(map(_Meanings, usual)),
        special=special,
        questions=questions,
        paths=frozenset(path for one in questions for path in one.all_paths()),
        items={
            path: _asked(inner)
            for question in special
            for path, inner in (question.items or {}).items()
        },
    )


def _in_passing(source: Mapping[str, Any], asked: _Asked) -> str | None:
    """Return the usual answers, or None where one is not as usual."""
    # The loop is that of `map`: it goes over every answer of every submission.
    found = map(getitem, asked.meanings, map(source.get, asked.places))
    try:
        return ",".join(filter(None, found))
    except (_UnusualError, TypeError):  # unreadable, or a list where no repeat is
        return None


def _collect(
    source: Mapping[str, Any], asked: _Asked, result: ReadSubmission, inside: str
) -> str:
    """Return the answers as members of a JSON object."""
    usual = _in_passing(source, asked)
    questions = asked.special if usual is not None else asked.questions
    members = [usual] if usual else []
    for question in questions:
        if question.items:
            value = _read_repeat(source, question, asked, result, inside)
        else:
            value = _read_answer(source, question, result, inside)
        if value is not None:
            members.append(f"{as_json(question.name)}:{value}")
    return ",".join(members)


def _read_answer(
    source: Mapping[str, Any], question: Question, result: ReadSubmission, inside: str
) -> str | None:
    raw = next((source[path] for path in question.paths if path in source), None)
    if raw is None or raw == "":
        return None
    if question.is_identifying:
        result.contact[question.name] = str(raw)
        return None
    try:
        return as_json(cast_answer(raw, question.cast))
    except ValueError as error:
        result.problems.append(
            {
                "field": inside + question.name,
                "value": str(raw)[:PROBLEM_VALUE_LENGTH],
                "reason": str(error),
            }
        )
        return None


def _read_repeat(
    source: Mapping[str, Any],
    question: Question,
    asked: _Asked,
    result: ReadSubmission,
    inside: str,
) -> str | None:
    for path in question.items or ():
        inner = asked.items[path]
        items = _repeat_items(source, path, inner.paths)
        if not items:
            continue
        read = [_in_passing(item, inner) for item in items]
        if inner.special or None in read:
            read = [
                _collect(item, inner, result, f"{inside}{question.name}[{index}].")
                for index, item in enumerate(items)
            ]
        return f"[{','.join(f'{{{members}}}' for members in read)}]"
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
    unknown: set[str] = set()
    if not version.passed_over.issuperset(payload):
        for key in payload.keys() - version.passed_over:
            if not key.startswith(SYSTEM_PREFIXES):
                unknown |= {key} | _paths_inside(payload[key], frozenset())
            elif len(version.passed_over) < REMEMBERED_PATHS:
                version.passed_over.add(key)
    for listed in map(payload.get, version.list_paths):
        if type(listed) is list:
            unknown |= _paths_inside(listed, version.known_paths)
    return {path for path in unknown if not path.startswith(SYSTEM_PREFIXES)}


def _paths_inside(value: object, known: frozenset[str]) -> set[str]:
    """Return the paths, at any depth of a repeat's items, that are not `known`."""
    paths: set[str] = set()
    if not isinstance(value, list):
        return paths
    for item in value:
        if not isinstance(item, dict):
            continue
        if not known.issuperset(item):
            paths |= item.keys() - known
        for inner in item.values():
            if type(inner) is list:
                paths |= _paths_inside(inner, known)
    return paths

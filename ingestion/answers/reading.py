"""From one submission to its answers under canonical names.

Repeats come in two shapes: an array of items, or, after the server has read an old
submission with a form that no longer has the repeat, one item flat among the answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingestion.answers.casts import Value, cast_answer
from ingestion.answers.field_maps import FieldMap, Question

Answers = dict[str, Any]
# What the server adds to every submission beside the answers.
SYSTEM_PREFIXES = ("_", "meta/", "formhub/")
PROBLEM_VALUE_LENGTH = 200


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


class AnswerReader:
    """Reads the submissions of one form, whichever version they were made with."""

    def __init__(self, field_map: FieldMap) -> None:
        self._map = field_map
        self._by_version: dict[
            str | None, tuple[tuple[Question, ...], frozenset[str]]
        ] = {}

    def read(
        self, payload: Mapping[str, Any], version_name: str | None
    ) -> ReadSubmission:
        """Return the answers in `payload`, made with `version_name` of the form."""
        questions, known = self._version(version_name)
        result = ReadSubmission()
        result.answers = self._collect(payload, questions, result, "")
        result.unknown_paths = set(_answered_paths(payload)) - known
        return result

    def _version(
        self, version_name: str | None
    ) -> tuple[tuple[Question, ...], frozenset[str]]:
        if version_name not in self._by_version:
            self._by_version[version_name] = (
                self._map.questions(version_name),
                self._map.known_paths(version_name),
            )
        return self._by_version[version_name]

    def _collect(
        self,
        source: Mapping[str, Any],
        questions: Iterable[Question],
        result: ReadSubmission,
        inside: str,
    ) -> Answers:
        answers: Answers = {}
        for question in questions:
            read = self._read_repeat if question.items else self._read_answer
            value = read(source, question, result, inside)
            if value is not None:
                answers[question.name] = value
        return answers

    def _read_answer(
        self,
        source: Mapping[str, Any],
        question: Question,
        result: ReadSubmission,
        inside: str,
    ) -> Value | None:
        raw = next((source[p] for p in question.paths if p in source), None)
        if raw is None or raw == "":
            return None
        if question.is_identifying:
            result.contact[question.name] = str(raw)
            return None
        try:
            return cast_answer(raw, question.cast)
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
        self,
        source: Mapping[str, Any],
        question: Question,
        result: ReadSubmission,
        inside: str,
    ) -> list[Answers] | None:
        for path, questions in (question.items or {}).items():
            items = _repeat_items(source, path)
            if items:
                return [
                    self._collect(
                        item, questions, result, f"{inside}{question.name}[{index}]."
                    )
                    for index, item in enumerate(items)
                ]
        return None


def _repeat_items(source: Mapping[str, Any], path: str) -> list[Mapping[str, Any]]:
    found = source.get(path)
    if isinstance(found, list):
        return [item for item in found if isinstance(item, dict)]
    if isinstance(found, dict):
        return [found]
    flat = {key: value for key, value in source.items() if key.startswith(f"{path}/")}
    return [flat] if flat else []


def _answered_paths(source: Mapping[str, Any]) -> Iterable[str]:
    for key, value in source.items():
        if key.startswith(SYSTEM_PREFIXES):
            continue
        yield key
        if isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield from _answered_paths(item)

"""How KoboToolbox writes a form: rows of a survey, lists of choices, translations.

Labels are arrays parallel to the list of translations; a form in one language that it
does not name has the translation null. `$xpath` is the key that answers have.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.sources.base import Choice, QuestionDefinition

BEGIN, END = "begin_", "end_"
REPEAT = "begin_repeat"

Row = Mapping[str, Any]


def read_questions(content: Mapping[str, Any]) -> tuple[QuestionDefinition, ...]:
    """Return the questions of a form's content."""
    languages = [name or "" for name in content.get("translations") or [None]]
    choices: dict[str, list[Choice]] = {}
    for row in content.get("choices") or []:
        choice = Choice(str(row.get("name", "")), _labels(row, languages))
        choices.setdefault(str(row.get("list_name")), []).append(choice)
    return tuple(_questions(content, languages, choices))


def _questions(
    content: Mapping[str, Any], languages: list[str], choices: dict[str, list[Choice]]
) -> Iterator[QuestionDefinition]:
    repeats: list[str] = []
    for row in content.get("survey") or []:
        kind, path = str(row.get("type", "")), row.get("$xpath")
        if kind == REPEAT and path:
            repeats.append(path)
        if not path or kind.startswith((BEGIN, END)):
            continue
        list_name = row.get("select_from_list_name")
        yield QuestionDefinition(
            path=path,
            type=kind,
            repeat_path=_innermost(repeats, path),
            labels=_labels(row, languages),
            list_name=list_name,
            choices=tuple(choices.get(str(list_name), ())),
        )


def _innermost(repeats: list[str], path: str) -> str | None:
    around = [repeat for repeat in repeats if path.startswith(f"{repeat}/")]
    return max(around, key=len, default=None)


def _labels(row: Row, languages: list[str]) -> dict[str, str]:
    labels = row.get("label")
    if not isinstance(labels, list):
        return {}
    return {
        language: str(label)
        for language, label in zip(languages, labels, strict=False)
        if label is not None
    }

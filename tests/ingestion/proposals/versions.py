"""Versions of small forms, and maps written by hand, for tests of proposals."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ingestion.answers.field_maps import (
    FieldEntry,
    FieldMap,
    PathEntry,
    load_field_map,
)
from ingestion.proposals import Proposal, propose_versions
from ingestion.sources.base import (
    SILENT_TYPES,
    Choice,
    FormVersion,
    QuestionDefinition,
)


def question(path: str, kind: str = "text", **facts: Any) -> QuestionDefinition:  # noqa: ANN401 - those of a question
    """Return a question; a label is English, choices are given by their names."""
    label = facts.pop("label", None)
    choices = tuple(Choice(name, {"en": name}) for name in facts.pop("choices", ()))
    labels = facts.pop("labels", {} if label is None else {"en": label})
    return QuestionDefinition(path, kind, labels=labels, choices=choices, **facts)


def versions(
    *asked: Iterable[QuestionDefinition], names: Iterable[str | None] = ()
) -> list[FormVersion]:
    """Return versions v1, v2, ... that ask these questions."""
    given = list(names) or [f"v{number}" for number in range(1, len(asked) + 1)]
    return [
        FormVersion(f"id{number}", name, number, None, {}, tuple(questions))
        for number, (name, questions) in enumerate(
            zip(given, asked, strict=True), start=1
        )
    ]


def proposed(
    folder: Path, text: str, forms: list[FormVersion]
) -> tuple[Proposal, FieldMap]:
    """Return what is proposed for a map, as text and as it is read."""
    path = folder / "map.yml"
    path.write_text(text, encoding="utf-8")
    proposal = propose_versions(path, forms)
    return proposal, loaded(folder, proposal)


def loaded(folder: Path, proposal: Proposal) -> FieldMap:
    """Return the proposed map as ingestion reads it."""
    path = folder / "proposed.yml"
    path.write_text(proposal.text, encoding="utf-8")
    return load_field_map(path)


def unaccounted(field_map: FieldMap, forms: Iterable[FormVersion]) -> set[str]:
    """Return the questions that a map does not account for in their version."""
    return {
        one.path
        for version in forms
        for one in version.questions
        if one.type not in SILENT_TYPES
        and one.path not in field_map.known_paths(version.name)
    }


def every_entry(
    fields: Mapping[str, FieldEntry], before: str = ""
) -> dict[str, tuple[str | None, str, frozenset[PathEntry]]]:
    """Return class, cast and places of every name, those inside repeats too."""
    found: dict[str, tuple[str | None, str, frozenset[PathEntry]]] = {}
    for name, entry in fields.items():
        # Which of several paths is written first matters where two hold at once only.
        places = frozenset(entry.places)
        found[before + name] = (entry.field_class, entry.cast, places)
        found |= every_entry(entry.items or {}, f"{before}{name}.")
    return found

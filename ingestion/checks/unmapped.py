"""Questions of deployed versions that the field map does not account for."""

from collections.abc import Iterable, Sequence

from ingestion.checks.problems import Problem
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer
from ingestion.sources.base import SILENT_TYPES, FormVersion

NAMED_AT_MOST = 5


def unmapped_questions(form: Form, versions: Iterable[FormVersion]) -> list[Problem]:
    """Return one problem for each version that asks what the map does not know."""
    return [
        _problem(form, version, paths)
        for version in versions
        if (paths := _unknown_paths(form, version))
    ]


def _unknown_paths(form: Form, version: FormVersion) -> list[str]:
    known = form.field_map.known_paths(version.name)
    return [
        question.path
        for question in version.questions
        if question.type not in SILENT_TYPES and question.path not in known
    ]


def first_of(paths: Sequence[str]) -> str:
    """Return the first of these questions, and how many more there are."""
    left = len(paths) - NAMED_AT_MOST
    more = f" and {left} more" if left > 0 else ""
    return ", ".join(paths[:NAMED_AT_MOST]) + more


def drafting_advice(form: Form) -> str:
    """Return how questions that no field map names get into one."""
    if isinstance(form.server, FilesServer):
        # Without a definition there is nothing to draft from.
        return f"write their names into {form.field_map.path}"
    return (
        f"draft their names with `python -m ingestion propose-map --form {form.name}`"
    )


def _problem(form: Form, version: FormVersion, paths: list[str]) -> Problem:
    return Problem(
        "unmapped_questions",
        f"Version {version.name or version.version_id} of form {form.name!r} asks "
        f"{first_of(paths)}, which its field map does not account for: "
        f"{drafting_advice(form)}, and accept them in the map.",
    )

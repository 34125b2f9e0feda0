"""Questions of deployed versions that the field map does not account for as it should.

It does not name them, gives them no class, or lets an answer through by which a person
can be found.
"""

from collections.abc import Iterable, Sequence

from ingestion.checks.problems import Problem
from ingestion.proposals.new_fields import OF_THE_DEVICE, WHEREABOUTS
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer
from ingestion.sources.base import SILENT_TYPES, FormVersion

NAMED_AT_MOST = 5
TELLING_TYPES = WHEREABOUTS | OF_THE_DEVICE


def unmapped_questions(form: Form, versions: Iterable[FormVersion]) -> list[Problem]:
    """Return one problem for each version that asks what the map does not know."""
    return [
        _problem(form, version, paths)
        for version in versions
        if (paths := _unknown_paths(form, version))
    ]


def unclassified_questions(form: Form) -> list[Problem]:
    """Return a problem if the map names questions and gives them no class."""
    paths = sorted(form.field_map.unclassified_paths())
    if not paths:
        return []
    return [
        Problem(
            "unclassified_questions",
            f"{form.field_map.path} gives {first_of(paths)} no class, so their answers "
            "are hidden: write identifying, sensitive or open beside each.",
        )
    ]


def exposed_questions(form: Form, versions: Iterable[FormVersion]) -> list[Problem]:
    """Return a problem if the map lets through where somebody is, or whose phone."""
    hidden = form.field_map.identifying_paths()
    exposed = {
        question.path
        for version in versions
        for question in version.questions
        if question.type in TELLING_TYPES and question.path not in hidden
    }
    # What is not carried has a class too, and one that nobody names is hidden.
    paths = sorted(exposed & form.field_map.known_paths(None))
    if not paths:
        return []
    return [
        Problem(
            "exposed_questions",
            f"{form.field_map.path} classes {first_of(paths)} as if nobody could be "
            "found by the answers, which are places or devices: class them as "
            "identifying.",
        )
    ]


def _unknown_paths(form: Form, version: FormVersion) -> list[str]:
    known = form.field_map.known_paths(version.name)
    known |= form.field_map.unclassified_paths()
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

"""A form that is not on its server: which forms are, and the closest.

A server shows an account some of its forms; a folder shows everybody all of them.
"""

import difflib
from collections.abc import Iterable, Sequence

from ingestion.checks.problems import Problem
from ingestion.errors import SourceError
from ingestion.landing.source_of_form import FILES_ROOT_VARIABLE
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer
from ingestion.sources.base import FormRef, FormSource

NAMED_AT_MOST = 4
CLOSE_ENOUGH = 0.6


def missing_form(form: Form, source: FormSource, problem: Problem) -> Problem:
    """Return the problem with advice on which form may have been meant.

    Args:
        form: The form as registered.
        source: Its server.
        problem: What the server said of it.
    """
    try:
        seen = list(source.forms())
    except SourceError:
        return problem  # what it said first stands
    return _among(form, seen, problem) if seen else _without_any(form, problem)


def _without_any(form: Form, problem: Problem) -> Problem:
    said = problem.message.rstrip(".")
    if isinstance(form.server, FilesServer):
        return Problem(
            "missing_form",
            f"{said}; the folder holds no file of another form either, so "
            f"{FILES_ROOT_VARIABLE} may be unset or wrong.",
        )
    return Problem(
        "missing_permission",
        f"{said}; the account sees no form at all, so it lacks permissions rather "
        "than the form.",
    )


def _among(form: Form, seen: Sequence[FormRef], problem: Problem) -> Problem:
    sees = "the folder holds" if isinstance(form.server, FilesServer) else "it sees"
    closest = _closest(form, seen)
    named = [str(_named(ref)) for ref in seen if ref is not closest][:NAMED_AT_MOST]
    left = len(seen) - len(named) - (closest is not None)
    advice = f"; {sees} {', '.join(named)}" if named else ""
    advice += f" and {left} more" if left else ""
    if closest is not None:
        advice += f"; the closest is {_named(closest)}"
    return Problem("missing_form", f"{problem.message.rstrip('.')}{advice}.")


def is_listed(form: Form, source: FormSource) -> bool:
    """Return whether the account sees the form; as far as its server tells."""
    try:
        return any(ref.key == form.source_key for ref in source.forms())
    except SourceError:
        return True


def _closest(form: Form, seen: Iterable[FormRef]) -> FormRef | None:
    rated = [(_likeness(form, ref), place, ref) for place, ref in enumerate(seen)]
    likeness, _, ref = max(rated, key=lambda entry: (entry[0], -entry[1]))
    return ref if likeness >= CLOSE_ENOUGH else None


def _likeness(form: Form, ref: FormRef) -> float:
    wanted = (form.source_key, form.name, form.role)
    found = (ref.key, ref.title)
    return max(
        difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()
        for one in wanted
        for other in found
    )


def _named(ref: FormRef) -> str:
    state = "" if ref.is_deployed else ", never deployed"
    return f"{ref.title!r} ({ref.key}{state})" if ref.title else ref.key

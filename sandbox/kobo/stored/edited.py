"""A submission as an edit leaves it, before the server reads it by the form of now."""

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.pilot.model import Record

# What an edit of many rows does not touch, whatever it asks for.
PROTECTED = frozenset({"__version__", "formhub", "meta"})
NAMESPACE = uuid.UUID(int=0)


def patched(record: Record, answers: Mapping[str, Any]) -> Record:
    """Return the submission with these answers, and the identity of an edited one.

    The stored form is changed in place: it keeps its version and every other answer,
    those to questions the project no longer has among them.

    Args:
        record: As it stands.
        answers: By path; an empty one takes the answer out. Within a repeat it is the
            first item that is changed.
    """
    found = dict(record)
    for path, value in answers.items():
        if path.partition("/")[0] not in PROTECTED:
            _answer(found, path, "" if value is None else str(value))
    return with_new_instance(found, _next_instance(record))


def with_new_instance(record: Record, instance: str) -> Record:
    """Return the submission as the edit whose uuid is `instance`."""
    # The place of `meta/deprecatedID` is the one it has in the recordings.
    bare = {key: record[key] for key in record if key != "meta/deprecatedID"}
    found: Record = {}
    for key, value in bare.items():
        found[key] = value
        if key == "meta/instanceID":
            found[key] = f"uuid:{instance}"
            found["meta/deprecatedID"] = value
    return {**found, "_uuid": instance}


def _next_instance(record: Record) -> str:
    """Return a uuid; a real server draws it, here the same edit gives the same."""
    return str(uuid.uuid5(NAMESPACE, str(record["meta/instanceID"])))


def _answer(answers: Record, path: str, value: str) -> None:
    repeat = _repeat_around(answers, path)
    if repeat:
        first, *others = answers[repeat]
        answers[repeat] = [dict(first), *others]
        _answer(answers[repeat][0], path, value)
    elif value.strip():
        answers[path] = value
    else:
        answers.pop(path, None)


def _repeat_around(answers: Record, path: str) -> str | None:
    for key, value in answers.items():
        if isinstance(value, list) and value and path.startswith(f"{key}/"):
            return key
    return None

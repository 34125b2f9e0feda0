"""A person edits a submission in the browser, which knows the newest form only.

Not a part of the server: it is what the web form (Enketo) sends to it.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.kobo.stored.xform import as_xml
from sandbox.pilot.model import FormVersion, Record


def edit_in_browser(
    uid: str,
    record: Mapping[str, Any],
    version: FormVersion,
    instance: str,
    answers: Mapping[str, Any],
) -> bytes:
    """Return the XML that the browser posts to `/submission`.

    Answers to questions that the newest form has not are lost, and the submission
    becomes one of the newest version.

    Args:
        uid: The project's.
        record: The submission as the server shows it.
        version: The newest deployed version of the form.
        instance: The uuid of the edit, which the browser draws.
        answers: What the person answers, by path; an empty answer takes one out.
    """
    asked = {row["$xpath"] for row in version.content["survey"] if "$xpath" in row}
    kept = _asked_for(record, asked)
    return as_xml(
        uid,
        {
            "formhub/uuid": record.get("formhub/uuid", ""),
            **kept,
            **answers,
            "__version__": version.uid,
            "meta/instanceID": f"uuid:{instance}",
            "meta/deprecatedID": record["meta/instanceID"],
            "meta/rootUuid": record["meta/rootUuid"],
        },
    )


def _asked_for(answers: Mapping[str, Any], asked: set[str]) -> Record:
    return {
        path: [_asked_for(item, asked) for item in value]
        if isinstance(value, list)
        else value
        for path, value in answers.items()
        if path in asked
    }

"""The pilot's forms as Central would have them.

KoboToolbox keeps a review state over an edit, Central writes `edited` in its place.
What only KoboToolbox adds to a submission (`formhub/uuid`, `__version__`,
`meta/rootUuid`, and every key that begins with `_`) is not in the XML that phones
send to Central.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.odk.stored.model import (
    CentralForm,
    Definition,
    FormDataError,
    Happening,
    Instance,
    ReviewState,
)
from sandbox.odk.xforms.definitions import xform_xml
from sandbox.pilot.model import Event, Form, Record

REVIEW_STATES: dict[str, ReviewState] = {
    "approved": "approved",
    "not_approved": "rejected",
    "on_hold": "hasIssues",
}
ONLY_KOBO = ("_", "formhub/", "meta/rootUuid")


def central_form(form: Form, reviewer: str) -> CentralForm:
    """Return the form as Central would have it.

    Args:
        form: A form of the pilot; its uid becomes the xmlFormId.
        reviewer: Who did what events name nobody for, additions excepted.

    Raises:
        FormDataError: Central would not take the form or a submission.
    """
    definitions = tuple(
        Definition(
            one.name,
            one.deployed_at,
            xform_xml(form.uid, form.name, one.name, one.content),
        )
        for one in form.versions
    )
    names = {one.uid: one.name for one in form.versions}
    happenings = tuple(_happenings(form, names, reviewer))
    return CentralForm(form.uid, form.name, definitions, happenings)


def _happenings(
    form: Form, versions: dict[str, str], reviewer: str
) -> Iterator[Happening]:
    roots: dict[int, str] = {}
    for event in form.events:
        if event.kind == "add" and event.record:
            roots[event.submission_id] = root_id(event.record)
        if event.submission_id not in roots:
            raise FormDataError(
                f"Form {form.uid}: {event.kind} of submission {event.submission_id} "
                "comes before it was added."
            )
        yield _happening(event, roots[event.submission_id], versions, reviewer)


def _happening(
    event: Event, root: str, versions: dict[str, str], reviewer: str
) -> Happening:
    record = event.record or {}
    is_addition = event.kind == "add"
    return Happening(
        at=event.at,
        kind=event.kind,
        root_id=root,
        instance=_instance(record, versions) if record else None,
        review=REVIEW_STATES[event.review] if event.review else None,
        by=event.by or (record.get("_submitted_by") if is_addition else reviewer),
        files=tuple(map(_file_name, record.get("_attachments", []))),
    )


def root_id(record: Record) -> str:
    """Return the id that a submission keeps."""
    return "uuid:" + str(record["meta/rootUuid"]).removeprefix("uuid:")


def _instance(record: Record, versions: dict[str, str]) -> Instance:
    uid = record["__version__"]
    if uid not in versions:
        raise FormDataError(f"Submission {record['_id']} is of no version: {uid}.")
    answers = {
        path: value for path, value in record.items() if not path.startswith(ONLY_KOBO)
    }
    return Instance(
        instance_id=record["meta/instanceID"],
        version=versions[uid],
        answers=answers,
        device_id=record.get("deviceid"),
        deprecated_id=record.get("meta/deprecatedID"),
    )


def _file_name(attachment: dict[str, Any]) -> str:
    named = attachment.get("media_file_basename") or attachment["filename"]
    return str(named).rpartition("/")[2]

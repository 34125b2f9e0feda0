"""Submissions that come as XML: new ones, and edits made in a browser.

Statuses are those of a real server; of the messages, those that are recorded. Files
that come with a submission are not kept.
"""

from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from sandbox.http_server.exchange import Answer, RefusedError, Request
from sandbox.kobo.exchange import unauthenticated
from sandbox.kobo.service import Call
from sandbox.kobo.stored.content import GEOGRAPHIC, repeat_paths
from sandbox.kobo.stored.state import ProjectState
from sandbox.kobo.stored.xform import answers_in
from sandbox.kobo.views.changes import edit_event
from sandbox.pilot.model import Event, Record

FILE = "xml_submission_file"
NAMESPACE = "http://openrosa.org/http/response"
METADATA = "http://www.opendatakit.org/xforms"


def submit(call: Call) -> Answer:
    """Take in a submission: an edit where it names the one it replaces, else new."""
    if call.account is None:
        raise unauthenticated("Authentication credentials were not provided.")
    root = _xml_of(call.request)
    state = _project(call, root)
    answers = answers_in(root, repeat_paths(state.latest_version.content))
    if not answers.get("meta/instanceID"):
        raise _message(400, "Could not determine the instance ID")
    known = _with_instance(state, answers["meta/instanceID"])
    if known:
        return _sent_before(answers, known)
    if "meta/deprecatedID" in answers:
        return _edit(call, state, answers)
    return _add(call, state, answers, root.get("submissionDate"))


def _xml_of(request: Request) -> ET.Element:
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    for part in message_from_bytes(head + request.body).walk():
        if part.get_param("name", header="content-disposition") == FILE:
            content = part.get_payload(decode=True)
            try:
                # Nothing but a test on this machine sends it.
                return ET.fromstring(content)  # type: ignore[arg-type]  # noqa: S314
            except ET.ParseError:
                raise _message(400, "Improperly formatted XML.") from None
    raise _message(400, "There should be a single XML submission file.")


def _project(call: Call, root: ET.Element) -> ProjectState:
    uid = root.get("id", "")
    if not call.service.is_project(uid):
        raise _message(404, "Form does not exist on this account")
    state = call.service.project(uid, call.service.owner)
    if not state.is_deployed:
        raise _message(405, "Form is not active")
    return state


def _sent_before(answers: Record, known: Record) -> Answer:
    if _content(answers) == _content(known):
        raise _message(202, "Duplicate Instance")
    raise _conflict()


def _content(record: Record) -> Record:
    """Return what the sender wrote, without what the server keeps beside it."""
    return {
        key: value
        for key, value in record.items()
        if not key.startswith("_") and key != "meta/rootUuid"
    }


def _edit(call: Call, state: ProjectState, answers: Record) -> Answer:
    replaced = answers["meta/deprecatedID"]
    before = _with_instance(state, replaced)
    if before is None:
        records = [event.record for event in state.events if event.record]
        if any(record["meta/instanceID"] == replaced for record in records):
            raise _message(
                410, "Invalid submission - deprecatedID refers to an old version"
            )
        raise _message(404, "The submission to be edited does not exist")
    _require(call, "change_submissions")
    lasting = ("_id", "meta/rootUuid", "_submission_time", "_submitted_by")
    record = {
        **_system_keys(state, answers, before["_attachments"]),
        **{key: before[key] for key in lasting},
    }
    call.service.let_happen(state, edit_event(call, record))
    return _accepted(call, record)


def _add(call: Call, state: ProjectState, answers: Record, dated: str | None) -> Answer:
    _require(call, "add_submissions")
    first = answers["meta/instanceID"]
    root = answers.get("meta/rootUuid", first)
    # A project holds one row of a root: what was edited since is not sent in once more.
    if any(row.record["meta/rootUuid"] == root for row in state.rows.values()):
        raise _conflict()
    sent = datetime.fromisoformat(dated) if dated else call.service.now
    record = {
        "_id": call.service.next_id(),
        "meta/rootUuid": first,
        **_system_keys(state, answers, []),
        # The server believes a phone that dates its submission back.
        "_submission_time": sent.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "_submitted_by": call.username,
    }
    added = Event(call.service.now, "add", record["_id"], record)
    call.service.let_happen(state, added)
    return _accepted(call, record)


def _system_keys(
    state: ProjectState, answers: Record, attachments: list[Any]
) -> Record:
    return {
        **answers,
        "_xform_id_string": state.form.uid,
        "_uuid": answers["meta/instanceID"].removeprefix("uuid:"),
        "_attachments": attachments,
        "_status": "submitted_via_web",
        "_geolocation": _geolocation(state, answers),
    }


def _geolocation(state: ProjectState, answers: Record) -> list[float | None]:
    """Return latitude and longitude of the first place outside a repeat."""
    for row in state.latest_version.content.get("survey", []):
        place = answers.get(row.get("$xpath", ""))
        if row.get("type") in GEOGRAPHIC and isinstance(place, str):
            latitude, longitude, *_ = place.split(";")[0].split()
            return [float(latitude), float(longitude)]
    return [None, None]


def _with_instance(state: ProjectState, instance: str) -> Record | None:
    for row in state.rows.values():
        if row.record["meta/instanceID"] == instance:
            return row.record
    return None


def _require(call: Call, permission: str) -> None:
    if not call.may(permission):
        raise _message(403, "You do not have permission to perform this action.")


def _accepted(call: Call, record: Record) -> Answer:
    completed = call.service.now.isoformat()
    facts = " ".join(
        f"{name}={quoteattr(value)}"
        for name, value in (
            ("id", record["_xform_id_string"]),
            ("instanceID", record["meta/instanceID"]),
            ("submissionDate", f"{record['_submission_time']}+00:00"),
            ("isComplete", "true"),
            ("markedAsCompleteDate", completed),
        )
    )
    metadata = f'<submissionMetadata xmlns="{METADATA}" {facts}/>'
    answer = _xml(201, f"<message>Successful submission.</message>{metadata}")
    return answer.with_headers(Location=f"{call.request.base_url}/submission")


def _conflict() -> RefusedError:
    return _message(409, "Submission with this instance ID already exists")


def _message(status: int, text: str) -> RefusedError:
    return RefusedError(_xml(status, f'<message nature="">{text}</message>'))


def _xml(status: int, content: str) -> Answer:
    body = f'<OpenRosaResponse xmlns="{NAMESPACE}">{content}</OpenRosaResponse>'
    answer = Answer(status, body.encode(), "text/xml; charset=utf-8")
    return answer.with_headers(
        X_OpenRosa_Version="1.0", X_OpenRosa_Accept_Content_Length="10000000"
    )

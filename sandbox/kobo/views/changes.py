"""What people change: review states, answers of many rows, deletions."""

from dataclasses import replace
from typing import Any

from sandbox.http_server.exchange import Answer, RefusedError, json_answer, refused
from sandbox.kobo.exchange import forbidden
from sandbox.kobo.history import failed_deletion
from sandbox.kobo.service import Call
from sandbox.kobo.stored.edited import patched
from sandbox.kobo.stored.state import REVIEW_LABELS, ProjectState, StoredRow
from sandbox.kobo.views.bulk import chosen, json_body, payload_of, refuse_strangers
from sandbox.kobo.views.submissions import find, readable
from sandbox.pilot.model import Event, Record

REVIEWS = {f"validation_status_{review}": review for review in REVIEW_LABELS}
UID = "validation_status.uid"
NOTHING = Answer(204, b"", "")


def review_state(call: Call, uid: str, number: str) -> Answer:
    """Return what a reviewer decided on a row, `{}` for nothing."""
    row = find(readable(call, uid)[1], number)
    return json_answer(row.record["_validation_status"])


def review(call: Call, uid: str, number: str) -> Answer:
    """Set the review state of a row, which is then read anew by the form of now."""
    state, rows = _changeable(call, uid, "validate_submissions")
    row = find(rows, number)
    wanted = json_body(call.request).get(UID)
    if wanted not in REVIEWS:
        detail = f"Invalid validation status: `{wanted}`"
        raise refused(400, {"detail": detail})
    decision = _review_event(call, row, REVIEWS[wanted])
    changed = call.service.let_happen(state, decision)
    return json_answer(changed.rows[row.record["_id"]].record["_validation_status"])


def take_review_back(call: Call, uid: str, number: str) -> Answer:
    """Take a decision back; the row is read anew, and no trace of it stays there."""
    state, rows = _changeable(call, uid, "validate_submissions")
    call.service.let_happen(state, _review_event(call, find(rows, number)))
    return NOTHING


def review_many(call: Call, uid: str) -> Answer:
    """Set the review state of many rows; a state that there is not takes it back."""
    state, rows = _changeable(call, uid, "validate_submissions")
    payload = payload_of(call.request, UID)
    found = chosen(rows, payload)
    refuse_strangers(found, payload)
    decision = REVIEWS.get(payload[UID])
    one_by_one = [_review_event(call, row, decision) for row in found]
    events = [replace(event, is_bulk=True) for event in one_by_one]
    call.service.let_happen(state, *events)
    return json_answer({"detail": f"{len(found)} submissions have been updated"})


def delete(call: Call, uid: str, number: str) -> Answer:
    """Delete a row."""
    state, rows = _changeable(call, uid, "delete_submissions")
    call.service.let_happen(state, _deletion_event(call, find(rows, number)))
    return NOTHING


def delete_many(call: Call, uid: str) -> Answer:
    """Delete many rows: all that are named, or none where one is not there.

    The history tells of their deletion in either case.
    """
    state, rows = _changeable(call, uid, "delete_submissions")
    payload = payload_of(call.request)
    found = chosen(rows, payload)
    try:
        refuse_strangers(found, payload)
    except RefusedError:
        _log_as_deleted(call, state, found)
        raise
    call.service.let_happen(state, *(_deletion_event(call, row) for row in found))
    return json_answer({"detail": f"{len(found)} submissions have been deleted"})


def edit_many(call: Call, uid: str) -> Answer:
    """Give many rows the same answers; each becomes a new edit of its submission."""
    state, rows = _changeable(call, uid, "change_submissions")
    payload = payload_of(call.request, "data")
    found = chosen(rows, payload)
    if not found:
        raise refused(400, ["No submissions match the given `submission_ids`"])
    records = [patched(row.record, payload["data"]) for row in found]
    call.service.let_happen(state, *(edit_event(call, one) for one in records))
    results = [_edit_result(record) for record in records]
    counts = {"count": len(found), "successes": len(found), "failures": 0}
    return json_answer({**counts, "results": results})


def edit_event(call: Call, record: Record) -> Event:
    """Return the event by which the caller makes a submission read like `record`."""
    return Event(call.service.now, "edit", record["_id"], record, by=call.username)


def _review_event(call: Call, row: StoredRow, review: str | None = None) -> Event:
    number = row.record["_id"]
    return Event(call.service.now, "review", number, review=review, by=call.username)


def _deletion_event(call: Call, row: StoredRow) -> Event:
    return Event(call.service.now, "delete", row.record["_id"], by=call.username)


def _changeable(
    call: Call, uid: str, permission: str
) -> tuple[ProjectState, list[StoredRow]]:
    state, rows = readable(call, uid)
    if not call.may(permission):
        raise forbidden()
    return state, rows


def _log_as_deleted(call: Call, state: ProjectState, rows: list[StoredRow]) -> None:
    now, username = call.service.now, call.username or ""
    for row in rows:
        entry = failed_deletion(state, row.record["_id"], now, username)
        call.service.note(state.form.uid, entry)


def _edit_result(record: Record) -> dict[str, Any]:
    return {
        "uuid": record["_uuid"],
        "root_uuid": record["meta/rootUuid"].removeprefix("uuid:"),
        "status_code": 201,
        "message": "Successful submission",
    }

"""Submissions outside OData: lists, XML, versions, what happened to them."""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from sandbox.http_server.exchange import Answer
from sandbox.odk.asking.options import is_true, options_of, whole_number
from sandbox.odk.call import Call
from sandbox.odk.exchange import (
    TEXT_TYPE,
    XML_TYPE,
    json_answer,
    not_found,
    success,
    written,
)
from sandbox.odk.stored.model import Happening
from sandbox.odk.stored.state import FormState
from sandbox.odk.stored.submission import FILE_KINDS, StoredInstance, Submission
from sandbox.odk.views.paging import event_tag, live, matching
from sandbox.odk.xforms.instances import as_xml

USER_AGENT = "org.odk.collect.android/v2025.1.0 Dalvik/2.1.0"
ACTIONS = {
    "add": "submission.create",
    "edit": "submission.update.version",
    "review": "submission.update",
    "delete": "submission.delete",
    "restore": "submission.restore",
    "attach": "submission.attachment.update",
    "clear": "submission.attachment.update",
}


def submission_list(call: Call, project: str, form_id: str) -> Answer:
    """Return what is known of each submission but its answers, newest first."""
    state = call.published(project, form_id)
    params = call.request.params
    if is_true(params.get("deleted")):
        found = [one for one in state.submissions if one.deleted_at]
    else:
        found = matching(call, state, options_of(call.request))
    rows = found[whole_number(params.get("offset")) or 0 :]
    rows = rows[: whole_number(params.get("limit"))]
    answer = json_answer([_row(call, one) for one in rows])
    return answer.with_headers(ETag=event_tag(rows))


def submission(call: Call, project: str, form_id: str, instance_id: str) -> Answer:
    """Return one submission; asked for by the id of an edit, where that is."""
    state = call.published(project, form_id)
    found = state.by_instance.get(instance_id)
    if found is None or found.deleted_at:
        raise not_found()
    if found.root_id != instance_id:
        path = call.request.path.rpartition("/")[0]
        where = f"{path}/{quote(found.root_id, safe='')}/versions/{instance_id}"
        text = f"Moved Permanently. Redirecting to {where}"
        return Answer(301, text.encode(), TEXT_TYPE).with_headers(Location=where)
    return json_answer(_row(call, found))


def submission_xml(call: Call, project: str, form_id: str, root_id: str) -> Answer:
    """Return the XML of a submission as the last edit left it."""
    state = call.published(project, form_id)
    return _xml(state, live(state, root_id).current)


def version_list(call: Call, project: str, form_id: str, root_id: str) -> Answer:
    """Return the versions of a submission, newest first."""
    found = live(call.published(project, form_id), root_id)
    rows = [_version(call, one, found) for one in reversed(found.stored)]
    if call.is_extended:
        for row, one in zip(rows, reversed(found.stored), strict=True):
            row["formVersion"] = one.instance.version
    return json_answer(rows)


def version(
    call: Call, project: str, form_id: str, root_id: str, instance_id: str
) -> Answer:
    """Return one version of a submission."""
    found = live(call.published(project, form_id), root_id)
    return json_answer(_version(call, _stored(found, instance_id), found))


def version_xml(
    call: Call, project: str, form_id: str, root_id: str, instance_id: str
) -> Answer:
    """Return the XML of one version of a submission."""
    state = call.published(project, form_id)
    return _xml(state, _stored(live(state, root_id), instance_id))


def audits(call: Call, project: str, form_id: str, root_id: str) -> Answer:
    """Return what happened to a submission, newest first."""
    found = live(call.published(project, form_id), root_id)
    entries = [_entry(call, form_id, found, one) for one in found.happened]
    return json_answer(entries[::-1])


def delete(call: Call, project: str, form_id: str, root_id: str) -> Answer:
    """Put a submission in the trash."""
    return _done(call, project, form_id, root_id, "delete")


def restore(call: Call, project: str, form_id: str, root_id: str) -> Answer:
    """Take a submission out of the trash."""
    return _done(call, project, form_id, root_id, "restore")


def _done(call: Call, project: str, form_id: str, root_id: str, kind: Any) -> Answer:  # noqa: ANN401 - one of two words
    state = call.published(project, form_id)
    call.check_writing()
    found = state.by_root.get(root_id)
    if found is None or (found.deleted_at is None) != (kind == "delete"):
        raise not_found()
    by = call.account.email if call.account else None
    call.service.let_happen(form_id, Happening(call.service.now, kind, root_id, by=by))
    return success()


def _stored(found: Submission, instance_id: str) -> StoredInstance:
    for one in found.stored:
        if one.instance.instance_id == instance_id:
            return one
    raise not_found()


def _xml(state: FormState, stored: StoredInstance) -> Answer:
    instance = stored.instance
    if instance.sent_xml is not None:
        return Answer(200, instance.sent_xml, XML_TYPE)
    definition = state.form.definition(instance.version)
    roots = () if state.form.is_encrypted else definition.schema.roots
    answers = instance.answers
    if state.form.is_encrypted:
        answers = {"meta/instanceID": instance.instance_id}
    xml = as_xml(state.form.form_id, instance.version, roots, answers)
    return Answer(200, xml, XML_TYPE)


def _row(call: Call, found: Submission) -> dict[str, Any]:
    row: dict[str, Any] = {
        "instanceId": found.root_id,
        "submitterId": _actor_id(call, found.first.by),
        "deviceId": found.first.instance.device_id,
        "createdAt": written(found.created_at),
        "updatedAt": written(found.updated_at),
        "reviewState": found.review,
        "userAgent": USER_AGENT,
        "deletedAt": written(found.deleted_at),
    }
    if call.is_extended:
        row["submitter"] = call.actor(found.first.by)
    return row | {"currentVersion": _version(call, found.current, found)}


def _version(call: Call, stored: StoredInstance, found: Submission) -> dict[str, Any]:
    row = {
        "submitterId": _actor_id(call, stored.by),
        "createdAt": written(stored.at),
        "instanceName": stored.instance.name,
        "instanceId": stored.instance.instance_id,
        "current": stored is found.current,
        "deviceId": stored.instance.device_id,
        "userAgent": USER_AGENT,
    }
    return row | ({"submitter": call.actor(stored.by)} if call.is_extended else {})


def _actor_id(call: Call, name: str | None) -> int | None:
    return call.service.actors[name] if name else None


def _entry(
    call: Call, form_id: str, found: Submission, happening: Happening
) -> dict[str, Any]:
    entry = {
        "actorId": _actor_id(call, happening.by),
        "action": ACTIONS[happening.kind],
        "acteeId": str(uuid.uuid5(uuid.NAMESPACE_URL, form_id)),
        "details": dict(_details(found, happening)),
        "loggedAt": written(happening.at),
        "notes": None,
    }
    return entry | ({"actor": call.actor(happening.by)} if call.is_extended else {})


def _details(found: Submission, happening: Happening) -> Iterator[tuple[str, Any]]:
    if happening.kind == "review":
        yield "reviewState", happening.review
    else:
        instance = happening.instance
        yield "instanceId", instance.instance_id if instance else found.root_id
    yield "submissionId", found.number
    if happening.kind not in ("delete", "restore"):
        yield "submissionDefId", found.number
    if happening.files and happening.kind in FILE_KINDS:
        yield "name", happening.files[0]

"""Files that a form reads, and the drafts in which alone they can be changed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.http_server.exchange import Answer
from sandbox.odk.call import Call
from sandbox.odk.exchange import json_answer, not_found, problem, success
from sandbox.odk.stored.media import Draft, digest
from sandbox.odk.stored.model import Definition
from sandbox.odk.stored.state import FormState
from sandbox.odk.views.forms import described

VERSION = re.compile(rb'(<data\b[^>]*?\bversion=")[^"]*(")')


def published_files(call: Call, project: str, form_id: str) -> Answer:
    """Return the slots of the published version, filled or not."""
    state = call.form(project, form_id)
    files = call.service.media.of(form_id, state.current.version)
    return json_answer(_slots(call, form_id, state.current, files))


def published_file(call: Call, project: str, form_id: str, name: str) -> Answer:
    """Return a file of the published version."""
    state = call.form(project, form_id)
    files = call.service.media.of(form_id, state.current.version)
    if name not in files:
        raise not_found()
    return Answer(200, files[name], "text/csv")


def draft(call: Call, project: str, form_id: str) -> Answer:
    """Return the draft, which only those see who may change the form."""
    state, found = _draft(call, project, form_id)
    told = described(call, state) | {
        "version": found.definition.version,
        **found.definition.hashes,
        "draftToken": "draft" + "0" * 59,
        "publishedAt": None,
    }
    return json_answer(told)


def begin(call: Call, project: str, form_id: str) -> Answer:
    """Begin a draft as a copy of the published version, in place of any other."""
    state = _changeable(call, project, form_id)
    if call.request.body:
        raise problem(501, "The stand-in does not cover another definition.")
    if not state.is_published:
        raise not_found()
    files = dict(call.service.media.of(form_id, state.current.version))
    call.service.media.drafts[form_id] = Draft(state.current, files)
    return success()


def give_up(call: Call, project: str, form_id: str) -> Answer:
    """Delete the draft."""
    _draft(call, project, form_id)
    del call.service.media.drafts[form_id]
    return success()


def draft_files(call: Call, project: str, form_id: str) -> Answer:
    """Return the slots of the draft."""
    _, found = _draft(call, project, form_id)
    return json_answer(_slots(call, form_id, found.definition, found.files))


def fill(call: Call, project: str, form_id: str, name: str) -> Answer:
    """Fill a slot of the draft; one that an entity list filled is that no more."""
    _, found = _draft(call, project, form_id)
    if name not in found.definition.slots:
        raise not_found()
    found.files[name] = call.request.body
    call.service.media.linked.get(form_id, set()).discard(name)
    slots = _slots(call, form_id, found.definition, found.files)
    return json_answer(next(one for one in slots if one["name"] == name))


def publish(call: Call, project: str, form_id: str) -> Answer:
    """Publish the draft, perhaps under another version name than it has."""
    state, found = _draft(call, project, form_id)
    version = call.request.params.get("version", found.definition.version)
    if version in {one.version for one in state.definitions}:
        raise problem(
            409.6,
            f"You tried to publish the form '{form_id}' with version '{version}', but "
            "a published form has already existed in this project with those "
            "identifiers.",
            {"xmlFormId": form_id, "version": version},
        )
    xml = VERSION.sub(rb"\g<1>" + version.encode() + rb"\g<2>", found.definition.xml)
    published = replace(
        found.definition, version=version, published_at=call.service.now, xml=xml
    )
    call.service.publish(form_id, published)
    call.service.media.publish(form_id, published, found.files)
    del call.service.media.drafts[form_id]
    return success()


def _changeable(call: Call, project: str, form_id: str) -> FormState:
    state = call.form(project, form_id)
    call.check_writing()
    return state


def _draft(call: Call, project: str, form_id: str) -> tuple[FormState, Draft]:
    state = call.form(project, form_id)
    # What is not there is told before who may see it, as of every form.
    if form_id not in call.service.media.drafts:
        raise not_found()
    call.check_writing()
    return state, call.service.media.drafts[form_id]


def _slots(
    call: Call, form_id: str, definition: Definition, files: Mapping[str, bytes]
) -> list[dict[str, Any]]:
    linked = call.service.media.linked.get(form_id, set())
    return [
        {
            "name": name,
            "type": "file",
            "exists": name in files or name in linked,
            "blobExists": name in files,
            "datasetExists": name in linked,
            "hash": digest(files[name]) if name in files else None,
            "updatedAt": None,
        }
        for name in definition.slots
    ]

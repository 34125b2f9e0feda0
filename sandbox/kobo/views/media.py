"""Files of a project, and deploying it again so that phones get them."""

import base64
import binascii
import mimetypes
import uuid
from typing import Any

import orjson

from sandbox.http_server.exchange import (
    Answer,
    RefusedError,
    html_page,
    json_answer,
    refused,
)
from sandbox.kobo.asking.paging import page
from sandbox.kobo.exchange import forbidden, not_found
from sandbox.kobo.history import Entry
from sandbox.kobo.service import Call
from sandbox.kobo.stored.media import MediaFile
from sandbox.kobo.views.assets import asset, media_file, version_id_of
from sandbox.kobo.views.bulk import json_body

FILE_TYPES = ("map_layer", "form_media", "paired_data")
# Of form media; the others are allowed by their endings.
MEDIA_TYPES = ("image", "audio", "video", "text/csv", "application/xml")
NOTHING = Answer(204, b"", "")


def file_list(call: Call, uid: str) -> Answer:
    """Return the project's files, all or those of one type."""
    call.project(uid)
    kept = call.service.media.of(uid, call.request.params.get("file_type"))
    rows = [media_file(call, uid, one) for one in kept]
    return json_answer(page(call.request, rows))


def file(call: Call, uid: str, file_uid: str) -> Answer:
    """Return one file's description."""
    call.project(uid)
    return json_answer(media_file(call, uid, _found(call, uid, file_uid)))


def file_content(call: Call, uid: str, file_uid: str) -> Answer:
    """Return a file itself."""
    call.project(uid)
    found = _found(call, uid, file_uid)
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return Answer(200, found.content, kind)


def add_file(call: Call, uid: str) -> Answer:
    """Keep a file that is sent as base64; phones get it with the next deployment."""
    _require_editor(call, uid)
    body = json_body(call.request)
    file_type = _required(body, "file_type")
    if file_type not in FILE_TYPES:
        raise _wrong("file_type", f'"{file_type}" is not a valid choice.')
    name, content = _sent(body)
    new = MediaFile(
        uid=f"af{uuid.uuid4().hex[:20]}",
        file_type=file_type,
        name=name,
        description=_required(body, "description"),
        content=content,
        username=call.username or "",
        created_at=call.service.now,
    )
    if file_type == "form_media":
        _check_form_media(call, uid, new)
    call.service.media.add(uid, new)
    _note(call, uid, "add-media")
    return json_answer(media_file(call, uid, new), 201)


def delete_file(call: Call, uid: str, file_uid: str) -> Answer:
    """Remove a file; phones lose it with the next deployment."""
    _require_editor(call, uid)
    if not call.service.media.remove(uid, file_uid):
        raise not_found()
    _note(call, uid, "delete-media")
    return NOTHING


def deploy_again(call: Call, uid: str) -> Answer:
    """Deploy the project anew, or only say whether it takes submissions."""
    state = call.project(uid)
    if not call.may("change_asset"):
        raise forbidden()
    if not state.is_deployed:
        raise not_found()
    body = json_body(call.request)
    version = version_id_of(call, state)
    if set(body) != {"active"}:
        if body.get("version_id", version) != version:
            # The real server breaks over a version that is not its newest.
            raise RefusedError(html_page(500, "Server Error (500)", "KoboToolbox"))
        if uid in call.service.media.undeployed:
            raise refused(
                501, {"detail": "The stand-in does not cover what somebody changed."}
            )
        call.service.media.deploy(uid, call.service.now)
        _note(call, uid, "redeploy")
    answer = {"backend": "openrosa", "active": True, "version_id": version}
    return json_answer({**answer, "asset": asset(call, state)})


def _require_editor(call: Call, uid: str) -> None:
    call.project(uid)
    if not call.may("change_asset"):
        raise forbidden()


def _found(call: Call, uid: str, file_uid: str) -> MediaFile:
    for one in call.service.media.of(uid):
        if one.uid == file_uid:
            return one
    raise not_found()


def _sent(body: dict[str, Any]) -> tuple[str, bytes]:
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        try:
            metadata = orjson.loads(metadata)
        except orjson.JSONDecodeError:
            raise _wrong("metadata", "JSON is invalid") from None
    if "base64Encoded" not in body:
        raise _wrong("content", "No files have been submitted")
    if not metadata:
        raise _wrong("metadata", "This field is required")
    if "filename" not in metadata:
        raise _wrong("metadata", "`filename` is required")
    marked = str(body["base64Encoded"]).partition("base64,")
    if not marked[1]:
        raise _wrong("base64Encoded", "Invalid content")
    try:
        return str(metadata["filename"]), base64.b64decode(marked[2], validate=True)
    except binascii.Error:
        raise _wrong("base64Encoded", "Invalid content") from None


def _check_form_media(call: Call, uid: str, new: MediaFile) -> None:
    kind = mimetypes.guess_type(new.name)[0] or ""
    if not kind.startswith(MEDIA_TYPES):
        allowed = "`, `".join(MEDIA_TYPES)
        raise _wrong("base64Encoded", f"Only `{allowed}` extensions are allowed")
    if new.name in {one.name for one in call.service.media.of(uid, "form_media")}:
        raise _wrong("base64Encoded", "File already exists")


def _required(body: dict[str, Any], key: str) -> str:
    if not body.get(key):
        raise _wrong(key, "This field is required.")
    return str(body[key])


def _wrong(key: str, reason: str) -> RefusedError:
    return refused(400, {key: [reason]})


def _note(call: Call, uid: str, action: str) -> None:
    second = call.service.now.replace(microsecond=0)
    call.service.note(uid, Entry(second, call.username or "", action, {}))

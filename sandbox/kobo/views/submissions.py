"""Submissions: the list, one row, and its attachments."""

import base64
from collections.abc import Mapping
from typing import Any

import orjson

from sandbox.http_server.exchange import Answer, Request, refused
from sandbox.kobo.asking.paging import page_head, row_window
from sandbox.kobo.asking.query import compile_query, sort_key
from sandbox.kobo.exchange import not_covered, not_found
from sandbox.kobo.service import Call
from sandbox.kobo.stored.state import HOST_MARK, ProjectState, StoredRow
from sandbox.pilot.model import Record

ALWAYS_GIVEN = ("_uuid", "meta/rootUuid")
# One transparent pixel, served for every picture.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAA"
    "AABJRU5ErkJggg=="
)


def submission_list(call: Call, uid: str) -> Answer:
    """Return the page of rows that the parameters ask for, and log that it was read."""
    state, rows = readable(call, uid)
    request = call.request
    query = _json_param(request, "query", dict, {})
    order = _json_param(request, "sort", dict, {})
    fields = _json_param(request, "fields", list, [])
    window = row_window(request)
    if query:
        matches = compile_query(query)
        rows = [row for row in rows if matches(row.record)]
    for path, direction in reversed(order.items()):
        key = sort_key(path)
        rows = sorted(
            rows, key=lambda row: key(row.record), reverse=direction in (-1, "-1")
        )
    bodies = [_body(row, fields) for row in window.of(rows)]
    if call.account:
        call.service.note_view(state.form.uid, call.account)
    head = orjson.dumps(page_head(request, len(rows)))
    body = head[:-1] + b',"results":[' + b",".join(bodies) + b"]}"
    return Answer(200, _with_host(body, request))


def submission(
    call: Call,
    uid: str,
    number: str,
) -> Answer:
    """Return one row, found by `_id` or by root uuid."""
    _, rows = readable(call, uid)
    return Answer(200, _with_host(find(rows, number).body, call.request))


def attachment_list(
    call: Call,
    uid: str,
    number: str,
) -> Answer:
    """Return the file that answers the question at `xpath`."""
    row = find(call.rows(call.project(uid)), number)
    xpath = call.request.params.get("xpath")
    if not xpath:
        raise refused(400, {"detail": "The `xpath` parameter is required."})
    return _file(call, row.record, "question_xpath", xpath)


def attachment(
    call: Call,
    uid: str,
    number: str,
    attachment_uid: str,
    size: str | None = None,
) -> Answer:
    """Return an attached file, or one of the sizes of a picture."""
    row = find(call.rows(call.project(uid)), number)
    return _file(call, row.record, "uid", attachment_uid, size)


def readable(call: Call, uid: str) -> tuple[ProjectState, list[StoredRow]]:
    """Return a project and the rows of it that the caller may see.

    Raises:
        RefusedError: 404, it is hidden from the caller; 400, it was never deployed.
    """
    _check_format(call.request)
    state = call.project(uid)
    rows = call.rows(state)
    if not state.is_deployed:
        raise refused(400, {"detail": "The specified asset has not been deployed"})
    return state, rows


def find(rows: list[StoredRow], number: str) -> StoredRow:
    """Return the row whose `_id` or root uuid is `number`.

    Raises:
        RefusedError: 404, there is none.
    """
    root = f"uuid:{number}"
    for row in rows:
        if str(row.record["_id"]) == number or row.record["meta/rootUuid"] == root:
            return row
    raise not_found()


def _check_format(request: Request) -> None:
    wanted = request.params.get("format", "json")
    if wanted in ("xml", "geojson"):
        raise not_covered(f"format={wanted}")
    if wanted != "json":
        raise not_found()


def _json_param(
    request: Request,
    name: str,
    kind: type[Any],
    default: Any,  # noqa: ANN401 - JSON
) -> Any:  # noqa: ANN401 - JSON
    text = request.params.get(name)
    if text is None:
        return default
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, kind):
        raise refused(400, {name: "Value must be valid JSON."})
    return value


def _body(row: StoredRow, fields: list[Any]) -> bytes:
    if not fields:
        return row.body
    record = row.record
    wanted = dict.fromkeys((*map(str, fields), *ALWAYS_GIVEN))
    chosen = {name: record[name] for name in wanted if name in record}
    chosen["_id"] = record["_id"]
    # Not asked for, the status reads as if there were none: a trap of the real one.
    chosen.setdefault("_validation_status", {})
    return orjson.dumps(chosen)


def _file(
    call: Call, record: Record, key: str, value: str, size: str | None = None
) -> Answer:
    for one in record.get("_attachments", []):
        if one.get(key) == value:
            return _file_answer(call, one, size)
    raise not_found()


def _file_answer(call: Call, one: Mapping[str, Any], size: str | None) -> Answer:
    kind = str(one["mimetype"])
    is_picture = kind.startswith("image/")
    if size and not is_picture:
        raise not_found()
    files = call.service.files
    content = PIXEL if is_picture else str(one["filename"]).encode()
    content = files.contents.get(str(one.get("uid")), content)
    if files.send_on:
        moved = Answer(307, b"", "")
        return moved.with_headers(Location=files.send_on(content, kind))
    return Answer(200, content, kind)


def _with_host(body: bytes, request: Request) -> bytes:
    return body.replace(HOST_MARK.encode(), request.base_url.encode())

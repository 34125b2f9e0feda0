"""The body of a request about many rows: which rows, and what is to become of them."""

from collections.abc import Mapping
from typing import Any

import orjson

from sandbox.http_server.exchange import RefusedError, Request, refused
from sandbox.kobo.asking.query import compile_query
from sandbox.kobo.stored.state import StoredRow


def json_body(request: Request) -> dict[str, Any]:
    """Return the JSON object in a request's body.

    Raises:
        RefusedError: 400, there is none.
    """
    try:
        body = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError as error:
        raise refused(400, {"detail": f"JSON parse error - {error}"}) from None
    if not isinstance(body, dict):
        raise refused(400, {"detail": "Invalid data. Expected a dictionary."})
    return body


def payload_of(request: Request, required: str | None = None) -> dict[str, Any]:
    """Return what a request about many rows asks for.

    Args:
        request: Its body holds an object `payload`.
        required: What must be in it beside the choice of rows.

    Raises:
        RefusedError: 400, it is incomplete.
    """
    payload = json_body(request).get("payload")
    if not isinstance(payload, dict):
        raise _invalid("This field is required.")
    if "submission_ids" in payload:
        payload = {**payload, "submission_ids": _ids(payload["submission_ids"])}
    elif "query" not in payload and not payload.get("confirm"):
        raise _invalid("Confirmation is required")
    if required and required not in payload:
        raise _invalid(f"`{required}` is required")
    return payload


def chosen(rows: list[StoredRow], payload: Mapping[str, Any]) -> list[StoredRow]:
    """Return the rows that a payload names, by ids or by a query, else all of them."""
    if "submission_ids" in payload:
        wanted = set(payload["submission_ids"])
        return [row for row in rows if row.record["_id"] in wanted]
    matches = compile_query(payload.get("query") or {})
    return [row for row in rows if matches(row.record)]


def refuse_strangers(rows: list[StoredRow], payload: Mapping[str, Any]) -> None:
    """Refuse the whole request where it names a row that the project has not.

    Raises:
        RefusedError: 400; no recording shows what a real server says then.
    """
    wanted = payload.get("submission_ids")
    if wanted is not None and len(rows) != len(wanted):
        raise refused(400, {"detail": "Some submissions are not of this project"})


def _ids(given: object) -> list[int]:
    try:
        ids = [int(one) for one in given] if isinstance(given, list) else []
    except (TypeError, ValueError):
        message = "`submission_ids` must only contain integer values"
        raise _invalid(message) from None
    if not ids:
        raise _invalid("`submission_ids` must contain at least one value")
    return list(dict.fromkeys(ids))


def _invalid(message: str) -> RefusedError:
    return refused(400, {"payload": [message]})

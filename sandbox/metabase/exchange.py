"""What is Metabase's own in an answer: its refusals, its words."""

from typing import Any

from pydantic import ValidationError

from sandbox.http_server.exchange import Answer, RefusedError, json_answer, refused

TEXT = "text/plain;charset=utf-8"
PASSWORD_MASK = "**MetabasePass**"  # noqa: S105 - what it shows instead of one
Raw = dict[str, Any]


def text_answer(text: str, status: int = 200) -> Answer:
    """Return plain text, as settings and some refusals come."""
    return Answer(status, text.encode(), TEXT)


def missing(*, is_json: bool) -> RefusedError:
    """Return the 404 of something that is not there."""
    if is_json:
        return refused(404, {"message": "Not found."})
    return RefusedError(text_answer("Not found.", 404))


def no_route() -> RefusedError:
    """Return the 404 of a path that no version has."""
    return RefusedError(text_answer("API endpoint does not exist.", 404))


def unauthenticated() -> RefusedError:
    """Return the 401."""
    return RefusedError(text_answer("Unauthenticated", 401))


def forbidden() -> RefusedError:
    """Return the 403 of somebody who may not."""
    return RefusedError(text_answer("You don't have permissions to do that.", 403))


def invalid(name: str, reason: str) -> RefusedError:
    """Return the 400 that names a field."""
    body = {"errors": {name: reason}, "specific-errors": {name: [reason]}}
    return refused(400, body)


def invalid_body(error: ValidationError) -> RefusedError:
    """Return the 400 of a body that does not fit its schema."""
    first = error.errors(include_url=False, include_input=False)[0]
    return invalid(".".join(map(str, first["loc"])) or "body", first["msg"])


def paged(rows: list[Raw], limit: int | None, offset: int) -> Answer:
    """Return a page of a list in its envelope."""
    page = rows[offset:] if limit is None else rows[offset : offset + limit]
    return json_answer(
        {"data": page, "total": len(rows), "limit": limit, "offset": offset}
    )

"""What is Central's own in an answer: its problems, its ETags, its moments.

Bodies and headers are those of a real server; the names of the recordings that show
them stand in `tests/sandbox/odk/test_recordings.py`.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from sandbox.http_server.exchange import Answer, RefusedError

JSON_TYPE = "application/json; charset=utf-8"
XML_TYPE = "application/xml; charset=utf-8"
TEXT_TYPE = "text/plain; charset=utf-8"


def json_answer(payload: object, status: int = 200) -> Answer:
    """Return `payload` as a JSON answer."""
    return Answer(status, orjson.dumps(payload), JSON_TYPE)


def success() -> Answer:
    """Return what a write that has nothing to tell answers."""
    return json_answer({"success": True})


def problem(
    code: float, message: str, details: Mapping[str, Any] | None = None
) -> RefusedError:
    """Return the error with Central's body; its status is the code's whole part.

    Args:
        code: Such as 404.1.
        message: Central's own words.
        details: What the message is about, None for none.
    """
    body: dict[str, Any] = {"message": message, "code": code}
    if details is not None:
        body["details"] = details
    return RefusedError(json_answer(body, int(code)))


def not_found() -> RefusedError:
    """Return the 404 of everything that is not there, deleted things among them."""
    return problem(404.1, "Could not find the resource you were looking for.")


def insufficient_rights() -> RefusedError:
    """Return the 403 of an account without the role."""
    return problem(
        403.1,
        "The authentication you provided does not have rights to perform that action.",
    )


def unauthenticated() -> RefusedError:
    """Return the 401 of wrong, missing or expired credentials; no header tells how."""
    return problem(401.2, "Could not authenticate with the provided credentials.")


def bare_error() -> RefusedError:
    """Return the 500 without a code, of what only the database noticed."""
    return RefusedError(json_answer({"message": "Internal Server Error"}, 500))


def weak_tag(body: bytes) -> str:
    """Return the ETag of an answer whose body is known before it is sent."""
    digest = hashlib.sha1(body, usedforsecurity=False).digest()
    return f'W/"{len(body):x}-{base64.b64encode(digest).decode()[:27]}"'


def written(moment: datetime | None) -> str | None:
    """Return a moment as Central writes it, in milliseconds; None for none."""
    if moment is None:
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"

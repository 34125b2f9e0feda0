"""A request as the stand-in sees it, an answer as it gives it, and the errors.

Bodies and headers are those of a real server; the names of the recordings that show
them stand in `tests/sandbox/kobo/test_recordings.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

import orjson

JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Attributes:
        method: GET, HEAD, POST, ...
        path: Without the query string.
        query_string: As sent, still encoded.
        headers: Names in lower case.
        body: Empty when there was none.
        base_url: Scheme, host and port as the client called them; links repeat it.
    """

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    base_url: str

    @property
    def target(self) -> str:
        """Return path and query string, as sent."""
        return f"{self.path}?{self.query_string}" if self.query_string else self.path

    @property
    def params(self) -> dict[str, str]:
        """Return the query parameters; of a repeated one the last counts."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    def link(self, path: str) -> str:
        """Return the absolute URL of `path`; the real one repeats `format` in it."""
        suffix = "?format=json" if self.params.get("format") == "json" else ""
        return f"{self.base_url}{path}{suffix}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, and what is to go wrong while it is sent.

    Attributes:
        status: HTTP status.
        body: Whole body.
        content_type: Value of the Content-Type header, empty for none.
        headers: Further headers.
        delay_seconds: How long to wait before sending.
        sent_bytes: Cut the connection after this many bytes of the body.
    """

    status: int
    body: bytes
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0
    sent_bytes: int | None = None

    def with_headers(self, **headers: str) -> "Answer":
        """Return a copy with more headers; `_` in a name stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


class RefusedError(Exception):
    """The request is not fulfilled; `answer` says so to the client."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"answered {answer.status}")
        self.answer = answer


def json_answer(payload: object, status: int = 200) -> Answer:
    """Return `payload` as a JSON answer."""
    return Answer(status, orjson.dumps(payload))


def html_answer(status: int, title: str) -> Answer:
    """Return an HTML page, as the real server sends where no client expects it."""
    page = (
        "<!doctype html>\n<html>\n  <head>\n    <title>KoboToolbox</title>\n"
        f"  </head>\n  <body>\n    <h1>{title}</h1>\n  </body>\n</html>\n"
    )
    return Answer(status, page.encode(), HTML_TYPE)


def refused(status: int, payload: Mapping[str, Any] | list[str]) -> RefusedError:
    """Return the error that answers with `status` and a JSON body."""
    return RefusedError(json_answer(payload, status))


def not_found() -> RefusedError:
    """Return the 404 that also hides what the account may not see."""
    return refused(404, {"detail": "Not found."})


def forbidden() -> RefusedError:
    """Return the 403 of an account that may see but not do."""
    return refused(
        403, {"detail": "You do not have permission to perform this action."}
    )


def unauthenticated(detail: str) -> RefusedError:
    """Return a 401."""
    answer = json_answer({"detail": detail}, 401)
    return RefusedError(answer.with_headers(WWW_Authenticate="Session"))


def method_not_allowed(method: str) -> RefusedError:
    """Return a 405."""
    return refused(405, {"detail": f'Method "{method}" not allowed.'})


def not_covered(what: str) -> RefusedError:
    """Return a 501: a real server does this, the stand-in does not."""
    return refused(501, {"detail": f"The stand-in does not cover {what}."})


def missing_page() -> RefusedError:
    """Return the 404 with an HTML body, whatever the client accepts."""
    return RefusedError(html_answer(404, "Page not found"))


def without_json_suffix(path: str) -> str:
    """Return the path that `.json` at its end stands for."""
    return re.sub(r"\.json$", "/", path)

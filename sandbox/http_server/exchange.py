"""A request as a stand-in sees it, an answer as it gives it, and the refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
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
        base_url: Scheme, host and port as the client called them.
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
        is_chunked: Send the body in chunks, without saying how long it is.
    """

    status: int
    body: bytes
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0
    sent_bytes: int | None = None
    is_chunked: bool = False

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


def refused(status: int, payload: Mapping[str, Any] | list[str]) -> RefusedError:
    """Return the error that answers with `status` and a JSON body."""
    return RefusedError(json_answer(payload, status))


def method_not_allowed(method: str) -> RefusedError:
    """Return a 405."""
    return refused(405, {"detail": f'Method "{method}" not allowed.'})


def html_page(status: int, title: str, site: str) -> Answer:
    """Return an HTML page, as servers and proxies send where no client expects it."""
    page = (
        f"<!doctype html>\n<html>\n  <head>\n    <title>{site}</title>\n"
        f"  </head>\n  <body>\n    <h1>{title}</h1>\n  </body>\n</html>\n"
    )
    return Answer(status, page.encode(), HTML_TYPE)


def rendered(moment: datetime) -> str:
    """Return a moment of UTC as ISO 8601, with a Z."""
    return moment.isoformat().replace("+00:00", "Z")

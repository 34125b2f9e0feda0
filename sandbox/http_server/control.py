"""The stand-in's own controls under `/sandbox/`: clock, faults, requests served."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from sandbox.http_server.exchange import (
    Answer,
    RefusedError,
    Request,
    json_answer,
    method_not_allowed,
    refused,
    rendered,
)

PREFIX = "/sandbox/"
CLOCK = f"{PREFIX}clock"
FAULTS = f"{PREFIX}faults"
REQUESTS = f"{PREFIX}requests"
RequestLog = list[dict[str, Any]]


class Clock(BaseModel):
    """The body of `POST /sandbox/clock`."""

    model_config = ConfigDict(extra="forbid")

    now: AwareDatetime


class Controlled(Protocol):
    """What the controls move."""

    now: datetime

    def set_clock(self, moment: datetime) -> None:
        """Make the server believe it is `moment`, UTC."""

    def set_rules(self, body: bytes) -> list[dict[str, Any]]:
        """Misbehave as the JSON list says from now on; return the rules as read.

        Raises:
            ValidationError: The list is not one of rules.
        """


# A control of one stand-in alone: takes the body of a POST, returns what to tell.
Control = Callable[[bytes], object]


def control(
    target: Controlled,
    log: RequestLog,
    request: Request,
    more: dict[str, Control] | None = None,
) -> Answer:
    """Return the answer to a request of the stand-in's own.

    Args:
        target: The stand-in.
        log: The requests it served.
        request: Whose path begins with `/sandbox/`.
        more: Controls that only this stand-in has, by path.
    """
    posts: dict[str, Control] = {
        CLOCK: lambda body: _set_clock(target, body),
        FAULTS: target.set_rules,
        **(more or {}),
    }
    try:
        return _control(posts, log, request)
    except RefusedError as error:
        return error.answer
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        detail = f"{request.path} refuses {where}: {first['msg']}."
        return refused(400, {"detail": detail}).answer


def _control(posts: dict[str, Control], log: RequestLog, request: Request) -> Answer:
    if request.path == REQUESTS:
        return _requests(log, request)
    if request.path not in posts:
        there = ", ".join([REQUESTS, *posts])
        raise refused(404, {"detail": f"The controls are {there}."})
    if request.method != "POST":
        raise method_not_allowed(request.method)
    return json_answer(posts[request.path](request.body))


def _requests(log: RequestLog, request: Request) -> Answer:
    if request.method == "DELETE":
        log.clear()
        return Answer(204, b"", "")
    if request.method != "GET":
        raise method_not_allowed(request.method)
    return json_answer(log)


def _set_clock(target: Controlled, body: bytes) -> dict[str, str]:
    wanted = Clock.model_validate_json(body).now
    target.set_clock(datetime.fromtimestamp(wanted.timestamp(), UTC))
    return {"now": rendered(target.now)}

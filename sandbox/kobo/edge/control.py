"""The stand-in's own controls under `/sandbox/`: clock, faults, requests served."""

from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from sandbox.kobo.exchange import (
    Answer,
    RefusedError,
    Request,
    json_answer,
    method_not_allowed,
    missing_page,
    refused,
)
from sandbox.kobo.faults.damage import Damage
from sandbox.kobo.faults.rules import RULES
from sandbox.kobo.service import Service, rendered

PREFIX = "/sandbox/"
CLOCK = f"{PREFIX}clock"
FAULTS = f"{PREFIX}faults"
REQUESTS = f"{PREFIX}requests"
RequestLog = list[dict[str, Any]]


class Clock(BaseModel):
    """The body of `POST /sandbox/clock`."""

    model_config = ConfigDict(extra="forbid")

    now: AwareDatetime


def control(service: Service, log: RequestLog, request: Request) -> Answer:
    """Return the answer to a request of the stand-in's own."""
    try:
        return _control(service, log, request)
    except RefusedError as error:
        return error.answer
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        detail = f"{request.path} refuses {where}: {first['msg']}."
        return refused(400, {"detail": detail}).answer


def _control(service: Service, log: RequestLog, request: Request) -> Answer:
    if request.path == REQUESTS:
        return _requests(log, request)
    if request.path not in (CLOCK, FAULTS):
        raise missing_page()
    if request.method != "POST":
        raise method_not_allowed(request.method)
    setter = _set_clock if request.path == CLOCK else _set_faults
    return setter(service, request.body)


def _requests(log: RequestLog, request: Request) -> Answer:
    if request.method == "DELETE":
        log.clear()
        return Answer(204, b"", "")
    if request.method != "GET":
        raise method_not_allowed(request.method)
    return json_answer(log)


def _set_clock(service: Service, body: bytes) -> Answer:
    wanted = Clock.model_validate_json(body).now
    service.set_clock(datetime.fromtimestamp(wanted.timestamp(), UTC))
    return json_answer({"now": rendered(service.now)})


def _set_faults(service: Service, body: bytes) -> Answer:
    rules = RULES.validate_json(body)
    service.faults.replace(rules)
    service.damage = Damage()
    return json_answer([rule.model_dump(mode="json") for rule in rules])

"""Misbehaviour on demand: rules that say which requests go wrong, and how.

A rule is a JSON object. `POST /sandbox/faults` takes a list of rules, which replaces
the rules before and heals what they did; an empty list makes the server behave.

    kind         rate_limited (429), server_error (500, HTML), bad_gateway (502),
                 unavailable (503), gateway_timeout (504), cut_connection (in the
                 middle of the body), slow, truncated_json, wrong_count,
                 permission_withdrawn, token_revoked, rows_deleted, history_lost,
                 false_deletions_logged, history_shortened
    path         regular expression, searched in path and query as sent; default any
    after        how many matching requests still go well; default 0
    count        how many requests then go wrong; default 1, null for all
    seconds      for slow: the delay; for rate_limited and unavailable: Retry-After
    difference   for wrong_count: what is added to the count; default 1
    ids          for rows_deleted: which rows are gone, for false_deletions_logged: of
                 which rows the history tells a deletion; default the first one; for
                 history_lost: of which rows entries are lost; default of all
    days         for history_shortened: how far back the history is shown; default 0

The last six kinds change the server for good, until the rules are replaced (see
`edge/harm.py`). From the request on that sets them off, the account that sent it sees
no project any more, or its token is refused; rows are gone; or the project history is
not to be trusted: what happens to rows from then on is not written down (a real server
writes after it has answered, and may die before), it tells of deletions that failed
(those of many rows at once are written down even then), or it is shown for a few days
only (as some plans do).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from sandbox.kobo.exchange import JSON_TYPE, Answer, Request, html_answer

Kind = Literal[
    "rate_limited",
    "server_error",
    "bad_gateway",
    "unavailable",
    "gateway_timeout",
    "cut_connection",
    "slow",
    "truncated_json",
    "wrong_count",
    "permission_withdrawn",
    "token_revoked",
    "rows_deleted",
    "history_lost",
    "false_deletions_logged",
    "history_shortened",
]
STATUSES: dict[str, int] = {
    "rate_limited": 429,
    "server_error": 500,
    "bad_gateway": 502,
    "unavailable": 503,
    "gateway_timeout": 504,
}
WITH_RETRY_AFTER = ("rate_limited", "unavailable")


class Rule(BaseModel):
    """One kind of misbehaviour; the fields are explained at the top of this module."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    path: str = ""
    after: int = Field(default=0, ge=0)
    count: int | None = Field(default=1, ge=1)
    seconds: float = Field(default=1, ge=0)
    difference: int = 1
    ids: tuple[int, ...] = ()
    days: int = Field(default=0, ge=0)

    @field_validator("path")
    @classmethod
    def _is_a_pattern(cls, path: str) -> str:
        try:
            re.compile(path)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return path


RULES = TypeAdapter(list[Rule])


@dataclass(slots=True)
class _Counted:
    rule: Rule
    seen: int = 0

    def fires(self, target: str) -> bool:
        if not re.search(self.rule.path, target):
            return False
        self.seen += 1
        nth = self.seen - self.rule.after
        return nth > 0 and (self.rule.count is None or nth <= self.rule.count)


class Faults:
    """The rules in force, and how often each was met."""

    def __init__(self) -> None:
        self._counted: list[_Counted] = []

    def replace(self, rules: Iterable[Rule]) -> None:
        """Put `rules` in place of those before."""
        self._counted = [_Counted(rule) for rule in rules]

    def fired_by(self, request: Request) -> list[Rule]:
        """Return the rules this request sets off, and count it for all of them."""
        return [one.rule for one in self._counted if one.fires(request.target)]


def instead_of_answering(rules: Iterable[Rule]) -> Answer | None:
    """Return the error the first status rule wants, None when no rule wants one."""
    for rule in rules:
        if rule.kind in STATUSES:
            status = STATUSES[rule.kind]
            answer = html_answer(status, HTTPStatus(status).phrase)
            if rule.kind in WITH_RETRY_AFTER:
                return answer.with_headers(Retry_After=f"{rule.seconds:g}")
            return answer
    return None


def spoiled(answer: Answer, rules: Iterable[Rule]) -> Answer:
    """Return the answer as the rules leave it."""
    for rule in rules:
        if rule.kind == "slow":
            answer = replace(answer, delay_seconds=rule.seconds)
        elif rule.kind == "cut_connection":
            answer = replace(answer, sent_bytes=len(answer.body) // 2)
        elif rule.kind == "truncated_json":
            answer = replace(answer, body=answer.body[: len(answer.body) // 2])
        elif rule.kind == "wrong_count":
            answer = _with_other_count(answer, rule.difference)
    return answer


def _with_other_count(answer: Answer, difference: int) -> Answer:
    payload = orjson.loads(answer.body) if answer.content_type == JSON_TYPE else None
    if not isinstance(payload, dict) or "count" not in payload:
        return answer
    changed = {**payload, "count": payload["count"] + difference}
    return replace(answer, body=orjson.dumps(changed))

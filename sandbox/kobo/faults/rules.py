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

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

import orjson
from pydantic import Field, TypeAdapter

from sandbox.http_server.exchange import JSON_TYPE, Answer
from sandbox.http_server.faults import BaseRule, badly_sent, status_answer
from sandbox.kobo.exchange import html_answer

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


class Rule(BaseRule):
    """One kind of misbehaviour; the fields are explained at the top of this module."""

    kind: Kind
    difference: int = 1
    ids: tuple[int, ...] = ()
    days: int = Field(default=0, ge=0)


RULES = TypeAdapter(list[Rule])


def instead_of_answering(rules: Iterable[Rule]) -> Answer | None:
    """Return the error the first status rule wants, None when no rule wants one."""
    return status_answer(rules, STATUSES, html_answer)


def spoiled(answer: Answer, rules: Iterable[Rule]) -> Answer:
    """Return the answer as the rules leave it."""
    for rule in rules:
        if rule.kind == "wrong_count":
            answer = _with_other_count(answer, rule.difference)
        else:
            answer = badly_sent(answer, rule)
    return answer


def _with_other_count(answer: Answer, difference: int) -> Answer:
    payload = orjson.loads(answer.body) if answer.content_type == JSON_TYPE else None
    if not isinstance(payload, dict) or "count" not in payload:
        return answer
    changed = {**payload, "count": payload["count"] + difference}
    return replace(answer, body=orjson.dumps(changed))

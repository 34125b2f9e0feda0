"""Misbehaviour on demand: rules that say which requests go wrong, and how.

A rule is a JSON object. `POST /sandbox/faults` takes a list of rules, which replaces
the rules before and heals what they did; an empty list makes the server behave.

    kind         rate_limited (429), server_error (500 without a code), bad_gateway
                 (502), unavailable (503), gateway_timeout (504), cut_connection (in
                 the middle of the body), slow, truncated_json (a 200 whose stream
                 broke off), html_page (a 200 that is a page), redirected (302 to a
                 login page), wrong_count, short_page (rows are missing from a page),
                 next_link_lost, permission_withdrawn, sessions_ended, rows_purged
    path         regular expression, searched in path and query as sent; default any
    after        how many matching requests still go well; default 0
    count        how many requests then go wrong; default 1, null for all
    seconds      for slow: the delay; for rate_limited and unavailable: Retry-After
    difference   for wrong_count: what is added to `@odata.count`; for short_page: how
                 many of the last rows are missing; default 1
    ids          for rows_purged: the root ids of the rows that are gone; default the
                 newest of the form that is asked for

The last three kinds change the server at the request that sets them off, and before
it is answered. Permission and rows come back when the rules are replaced; an account
whose sessions ended has to log in again. Central itself sends no 429: a proxy might.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson
from pydantic import Field, TypeAdapter

from sandbox.http_server.exchange import HTML_TYPE, Answer, html_page
from sandbox.http_server.faults import BaseRule, badly_sent, status_answer
from sandbox.odk.exchange import JSON_TYPE, TEXT_TYPE, bare_error

Kind = Literal[
    "rate_limited",
    "server_error",
    "bad_gateway",
    "unavailable",
    "gateway_timeout",
    "cut_connection",
    "slow",
    "truncated_json",
    "html_page",
    "redirected",
    "wrong_count",
    "short_page",
    "next_link_lost",
    "permission_withdrawn",
    "sessions_ended",
    "rows_purged",
]
STATUSES: dict[str, int] = {
    "rate_limited": 429,
    "server_error": 500,
    "bad_gateway": 502,
    "unavailable": 503,
    "gateway_timeout": 504,
}
COUNT = "@odata.count"
NEXT = "@odata.nextLink"
SERVER_ERROR = 500


class Rule(BaseRule):
    """One kind of misbehaviour; the fields are explained at the top of this module."""

    kind: Kind
    difference: int = Field(default=1)
    ids: tuple[str, ...] = ()


RULES = TypeAdapter(list[Rule])


@dataclass(slots=True)
class Damage:
    """What faults have done and only new rules undo.

    Attributes:
        blind: Usernames that have no role any more.
        purged: Root ids of submissions that are gone.
    """

    blind: set[str] = field(default_factory=set)
    purged: set[str] = field(default_factory=set)


def instead_of_answering(rules: Iterable[Rule]) -> Answer | None:
    """Return what the first rule that forbids an answer wants, None without one."""
    rules = list(rules)
    for rule in rules:
        if rule.kind == "html_page":
            return html_page(200, "Loading", "ODK Central")
        if rule.kind == "redirected":
            moved = Answer(302, b"Found. Redirecting to /login", TEXT_TYPE)
            return moved.with_headers(Location="/login")
    return status_answer(rules, STATUSES, _error_page)


def spoiled(answer: Answer, rules: Iterable[Rule]) -> Answer:
    """Return the answer as the rules leave it."""
    for rule in rules:
        if rule.kind in ("wrong_count", "short_page", "next_link_lost"):
            answer = _with_other_page(answer, rule)
        else:
            answer = badly_sent(answer, rule)
    return answer


def _error_page(status: int, title: str) -> Answer:
    """Return the backend's own 500, or the page of the proxy before it."""
    if status == SERVER_ERROR:
        return bare_error().answer
    page = html_page(status, title, title)
    return replace(page, content_type=HTML_TYPE)


def _with_other_page(answer: Answer, rule: Rule) -> Answer:
    payload = orjson.loads(answer.body) if answer.content_type == JSON_TYPE else None
    if not isinstance(payload, dict) or "value" not in payload:
        return answer
    return replace(answer, body=orjson.dumps(_other_page(payload, rule)))


def _other_page(page: dict[str, Any], rule: Rule) -> dict[str, Any]:
    if rule.kind == "next_link_lost":
        return {key: value for key, value in page.items() if key != NEXT}
    if rule.kind == "short_page":
        return {**page, "value": page["value"][: -rule.difference]}
    if COUNT in page:
        return {**page, COUNT: page[COUNT] + rule.difference}
    return page

"""Misbehaviour on demand: rules that say which requests go wrong, and how.

kind     bad_gateway (502, nothing is done), bad_gateway_after (502, and what was
         asked is done), unavailable (503), gateway_timeout_after (504, and done),
         cut_connection, slow, changed (once the request is answered, somebody else
         edits the card or dashboard it was about)
path     regular expression, searched in `METHOD /path?query`; default any
after    how many matching requests still go well; default 0
count    how many requests then go wrong; default 1, null for all
seconds  for slow: the delay; for unavailable: Retry-After
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from pydantic import TypeAdapter

from sandbox.http_server.exchange import Answer, Request, html_page
from sandbox.http_server.faults import BaseRule, Faults, badly_sent, status_answer

Kind = Literal[
    "bad_gateway",
    "bad_gateway_after",
    "unavailable",
    "gateway_timeout_after",
    "cut_connection",
    "slow",
    "changed",
]
BEFORE = {"bad_gateway": 502, "unavailable": 503}
AFTER = {"bad_gateway_after": 502, "gateway_timeout_after": 504}


class Rule(BaseRule):
    """One kind of misbehaviour."""

    kind: Kind


RULES: TypeAdapter[list[Rule]] = TypeAdapter(list[Rule])


def fired(faults: Faults[Rule], request: Request) -> list[Rule]:
    """Return the rules this request sets off; they may ask for its method too."""
    named = replace(request, path=f"{request.method} {request.path}")
    return faults.fired_by(named)


def before(rules: Iterable[Rule]) -> Answer | None:
    """Return what is answered instead of doing anything."""
    return status_answer(rules, BEFORE, _page)


def after(answer: Answer, rules: list[Rule]) -> Answer:
    """Return what is answered once all is done."""
    spoiled = status_answer(rules, AFTER, _page) or answer
    for rule in rules:
        spoiled = badly_sent(spoiled, rule)
    return spoiled


def _page(status: int, title: str) -> Answer:
    return html_page(status, title, "proxy")

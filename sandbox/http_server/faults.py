"""Misbehaviour on demand: which requests set a rule off, and what any server can do.

What a rule may ask for beyond that differs between servers: see the `faults` package
of each stand-in.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sandbox.http_server.exchange import Answer, Request

WITH_RETRY_AFTER = ("rate_limited", "unavailable")


class BaseRule(BaseModel):
    """One kind of misbehaviour.

    Attributes:
        kind: What goes wrong; a subclass says what there is.
        path: Regular expression, searched in path and query as sent.
        after: How many matching requests still go well.
        count: How many requests then go wrong, None for all.
        seconds: The delay of a slow answer, or what Retry-After says.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    path: str = ""
    after: int = Field(default=0, ge=0)
    count: int | None = Field(default=1, ge=1)
    seconds: float = Field(default=1, ge=0)

    @field_validator("path")
    @classmethod
    def _is_a_pattern(cls, path: str) -> str:
        try:
            re.compile(path)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return path


AnyRule = TypeVar("AnyRule", bound=BaseRule)


@dataclass(slots=True)
class _Counted(Generic[AnyRule]):
    rule: AnyRule
    seen: int = 0

    def fires(self, target: str) -> bool:
        if not re.search(self.rule.path, target):
            return False
        self.seen += 1
        nth = self.seen - self.rule.after
        return nth > 0 and (self.rule.count is None or nth <= self.rule.count)


class Faults(Generic[AnyRule]):
    """The rules in force, and how often each was met."""

    def __init__(self) -> None:
        self._counted: list[_Counted[AnyRule]] = []

    def replace(self, rules: Iterable[AnyRule]) -> None:
        """Put `rules` in place of those before."""
        self._counted = [_Counted(rule) for rule in rules]

    def fired_by(self, request: Request) -> list[AnyRule]:
        """Return the rules this request sets off, and count it for all of them."""
        return [one.rule for one in self._counted if one.fires(request.target)]


def status_answer(
    rules: Iterable[BaseRule],
    statuses: Mapping[str, int],
    page: Callable[[int, str], Answer],
) -> Answer | None:
    """Return the error the first status rule wants, None when no rule wants one.

    Args:
        rules: Those the request set off.
        statuses: The HTTP status of each kind that is one.
        page: Makes the body, of the status and its phrase.
    """
    for rule in rules:
        if rule.kind in statuses:
            status = statuses[rule.kind]
            answer = page(status, HTTPStatus(status).phrase)
            if rule.kind in WITH_RETRY_AFTER:
                return answer.with_headers(Retry_After=f"{rule.seconds:g}")
            return answer
    return None


def badly_sent(answer: Answer, rule: BaseRule) -> Answer:
    """Return the answer late, cut off or half, if the rule wants that."""
    if rule.kind == "slow":
        return replace(answer, delay_seconds=rule.seconds)
    if rule.kind == "cut_connection":
        return replace(answer, sent_bytes=len(answer.body) // 2)
    if rule.kind == "truncated_json":
        return replace(answer, body=answer.body[: len(answer.body) // 2])
    return answer

"""The grammar of OData's `$filter`, as far as Central's parser goes.

What cannot be parsed is refused with the place where a character was not expected;
what can be parsed but not answered is refused when it is compiled
(`sandbox.odk.tables.filters`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.http_server.exchange import RefusedError
from sandbox.odk.exchange import problem

NAME = re.compile(r"[$A-Za-z_][\w]*(?:/[$A-Za-z_@][\w.-]*)*")
COMPARED = re.compile(r"\s+(eq|ne|lt|le|gt|ge|has)\s+")
CALCULATED = re.compile(r"\s+(add|sub|mul|div|mod)\s+")
JOINED = {word: re.compile(rf"\s+{word}\s+") for word in ("and", "or")}
NOT = re.compile(r"not\s+|not(?=\()")
CALL = re.compile(r"([A-Za-z]+)\(")
STRING = re.compile(r"'((?:[^']|'')*)'")
# A date that runs on is none: of `2026-01-01T00:00:00 00:00` only 2026 is read.
LITERALS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:null|true|false)(?!\w)",
        r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)",
        r"\d{4}-\d\d-\d\d(?!\w)",
        r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?",
    )
)
# OData's functions that can be parsed, whether Central answers them or not.
FUNCTIONS = frozenset(
    {
        *("year", "month", "day", "hour", "minute", "second", "now"),
        *("substringof", "startswith", "endswith", "length", "indexof", "substring"),
        *("tolower", "toupper", "trim", "concat", "contains", "fractionalseconds"),
        *("date", "time", "totaloffsetminutes", "mindatetime", "maxdatetime"),
        *("round", "floor", "ceiling", "cast", "isof"),
    }
)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    Attributes:
        kind: literal, null, field, call, not, and, or, or a comparison such as `eq`.
        text: As it stands in the expression; of a literal, without its quotes.
        at: Where it begins.
        parts: What it is made of.
    """

    kind: str
    text: str
    at: int
    parts: tuple["Node", ...] = ()


def parsed(text: str) -> Node:
    """Return the expression.

    Raises:
        RefusedError: 400, it cannot be parsed.
    """
    parser = _Parser(text)
    node = parser.joined("or")
    if parser.at < len(text):
        raise unparseable(f"Unexpected character at {parser.at}")
    return node


def unparseable(reason: str) -> RefusedError:
    """Return the 400 of an expression that is none."""
    return problem(
        400.18,
        f"The OData filter expression you provided could not be parsed: {reason}",
        {"reason": reason},
    )


class _Parser:
    """Reads an expression from left to right.

    Attributes:
        at: The next character to read.
    """

    def __init__(self, text: str) -> None:
        self.at = 0
        self._text = text

    def joined(self, word: str) -> Node:
        """Return terms joined by `and`, or such terms joined by `or`."""
        start = self.at
        parts = [self._term(word)]
        while self._skips(JOINED[word]):
            parts.append(self._term(word))
        if len(parts) == 1:
            return parts[0]
        return Node(word, self._text[start : self.at], start, tuple(parts))

    def _term(self, word: str) -> Node:
        return self.joined("and") if word == "or" else self._comparison()

    def _comparison(self) -> Node:
        start = self.at
        if self._skips(NOT):
            negated = self._comparison()
            return Node("not", self._text[start : self.at], start, (negated,))
        return self._pair(COMPARED, self._sum(), self._sum)

    def _sum(self) -> Node:
        return self._pair(CALCULATED, self._primary(), self._sum)

    def _pair(
        self, operators: re.Pattern[str], left: Node, read: Callable[[], Node]
    ) -> Node:
        """Return `left` alone, or with what an operator joins to it."""
        operator = self._skips(operators)
        if operator is None:
            return left
        right = read()
        text = self._text[left.at : self.at]
        return Node(operator[1], text, left.at, (left, right))

    def _primary(self) -> Node:
        start = self.at
        if self._skips(re.compile(r"\(\s*")):
            inner = self.joined("or")
            self._expect(r"\s*\)")
            return inner
        return self._literal(start) or self._call(start) or self._field(start)

    def _literal(self, start: int) -> Node | None:
        quoted = self._skips(STRING)
        if quoted:
            return Node("literal", quoted[1].replace("''", "'"), start)
        for pattern in LITERALS:
            found = self._skips(pattern)
            if found:
                kind = "null" if found[0] == "null" else "literal"
                return Node(kind, found[0], start)
        return None

    def _call(self, start: int) -> Node | None:
        found = CALL.match(self._text, self.at)
        if found is None or found[1].lower() not in FUNCTIONS:
            return None
        self.at = found.end()
        parts: list[Node] = []
        while not self._skips(re.compile(r"\s*\)")):
            if parts:
                self._expect(r"\s*,\s*")
            parts.append(self.joined("or"))
        return Node("call", self._text[start : self.at], start, tuple(parts))

    def _field(self, start: int) -> Node:
        found = self._skips(NAME)
        if found is None:
            raise unparseable(f"Unexpected character at {self.at}")
        return Node("field", found[0], start)

    def _expect(self, pattern: str) -> None:
        if not self._skips(re.compile(pattern)):
            raise unparseable(f"Unexpected character at {self.at}")

    def _skips(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self.at)
        if found:
            self.at = found.end()
        return found

"""The `q=` language of the project list and the project history.

`field:value` terms with AND, OR, NOT and parentheses; a value may be quoted.
"""

import re
from collections.abc import Callable
from typing import Generic, TypeVar

from sandbox.http_server.exchange import RefusedError, refused

Thing = TypeVar("Thing")
Predicate = Callable[[Thing], bool]

TOKEN = re.compile(
    r"""\s*(?:
        (?P<mark>[()])
      | (?P<word>AND|OR|NOT)(?=[\s()]|$)
      | (?:(?P<field>\w+):)?(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s()"]+))
    )""",
    re.VERBOSE,
)


def bad_syntax() -> RefusedError:
    """Return the 400 for a `q` that cannot be read."""
    return refused(400, {"detail": "Bad syntax"})


def unknown_field() -> RefusedError:
    """Return the 400 for a field that `q` may not ask for."""
    return refused(400, {"detail": "Not supported field lookup"})


class Search(Generic[Thing]):
    """Reads one `q` into a function that tells whether a thing matches.

    Args:
        text: The query.
        term: Makes the test of one term from its field (None when it has none) and its
            value; raises `unknown_field()` where the field is not allowed.
    """

    def __init__(
        self, text: str, term: Callable[[str | None, str], Predicate[Thing]]
    ) -> None:
        self._tokens = _tokens(text)
        self._term = term

    def predicate(self) -> Predicate[Thing]:
        """Return the test of the whole query.

        Raises:
            RefusedError: 400, the query cannot be read.
        """
        found = self._either()
        if self._tokens:
            raise bad_syntax()
        return found

    def _either(self) -> Predicate[Thing]:
        parts = [self._both()]
        while self._take("OR"):
            parts.append(self._both())
        return lambda thing: any(part(thing) for part in parts)

    def _both(self) -> Predicate[Thing]:
        parts = [self._single()]
        while self._take("AND"):
            parts.append(self._single())
        return lambda thing: all(part(thing) for part in parts)

    def _single(self) -> Predicate[Thing]:
        if self._take("NOT"):
            negated = self._single()
            return lambda thing: not negated(thing)
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise bad_syntax()
            return inner
        if not self._tokens or isinstance(self._tokens[0], str):
            raise bad_syntax()
        return self._term(*self._tokens.pop(0))

    def _take(self, mark: str) -> bool:
        if self._tokens and self._tokens[0] == mark:
            self._tokens.pop(0)
            return True
        return False


def _tokens(text: str) -> list[str | tuple[str | None, str]]:
    tokens: list[str | tuple[str | None, str]] = []
    rest = text.strip()
    while rest:
        match = TOKEN.match(rest)
        if match is None:
            raise bad_syntax()
        rest = rest[match.end() :].lstrip()
        mark = match["mark"] or match["word"]
        value = match["plain"] if match["quoted"] is None else match["quoted"]
        tokens.append(mark or (match["field"], value))
    return tokens

"""The subset of MongoDB's query language that KoboToolbox lets through.

Answers are strings and compare as strings; a number never equals or exceeds a string.
`$expr` and `$ifNull` are let through by the real server and not covered here: they
are refused like an operator MongoDB does not know.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.http_server.exchange import RefusedError, refused

Predicate = Callable[[Mapping[str, Any]], bool]
Test = Callable[[list[Any]], bool]

OPERATORS_LET_THROUGH = frozenset(
    {
        *("$or", "$and", "$not", "$exists", "$in", "$nin", "$all", "$elemMatch"),
        *("$gt", "$gte", "$lt", "$lte", "$ne", "$regex", "$options"),
        *("$expr", "$ifNull"),
    }
)
REGEX_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}


def compile_query(query: Mapping[str, Any]) -> Predicate:
    """Return the function that tells whether a row matches `query`.

    Raises:
        RefusedError: 400, MongoDB would refuse the query.
    """
    parts = [_compile_part(key, condition) for key, condition in query.items()]
    return lambda row: all(part(row) for part in parts)


def sort_key(path: str) -> Callable[[Mapping[str, Any]], tuple[int, Any]]:
    """Return the key that orders rows by `path` as MongoDB orders mixed types."""

    def key(row: Mapping[str, Any]) -> tuple[int, Any]:
        values = _lookup(row, path)
        value = values[0] if values else None
        if isinstance(value, bool):
            return (4, value)
        if isinstance(value, int | float):
            return (1, value)
        if isinstance(value, str):
            return (2, value)
        return (0, 0) if value is None else (3, 0)

    return key


def unsupported() -> RefusedError:
    """Return the 400 for a query MongoDB refuses."""
    return refused(400, ["Unsupported query"])


def _compile_part(key: str, condition: object) -> Predicate:
    if key in ("$and", "$or"):
        return _compile_logical(key, condition)
    if key in OPERATORS_LET_THROUGH:
        raise unsupported()  # MongoDB knows it, but not at this place
    if key.startswith("$"):
        return lambda _row: False  # becomes the name of a field that no row has
    test = _compile_condition(condition)
    return lambda row: test(_lookup(row, key))


def _compile_logical(key: str, condition: object) -> Predicate:
    if not isinstance(condition, list) or not condition:
        raise unsupported()
    if not all(isinstance(part, dict) for part in condition):
        raise unsupported()
    parts = [compile_query(part) for part in condition]
    combine: Callable[[Iterable[bool]], bool] = all if key == "$and" else any
    return lambda row: combine(part(row) for part in parts)


def _compile_condition(condition: object) -> Test:
    if not isinstance(condition, dict) or not _has_operator(condition):
        return _equals(condition)
    tests = [
        _compile_operator(name, operand, condition)
        for name, operand in condition.items()
    ]
    return lambda values: all(test(values) for test in tests)


def _has_operator(condition: Mapping[str, Any]) -> bool:
    return any(name.startswith("$") for name in condition)


def _compile_operator(name: str, operand: object, siblings: Mapping[str, Any]) -> Test:
    if name == "$regex":
        return _matches(operand, siblings.get("$options", ""))
    if name == "$options" and "$regex" in siblings:
        return lambda _values: True
    if name in COMPARISONS:
        return _compares(COMPARISONS[name], operand)
    if name in BUILDERS:
        return BUILDERS[name](operand)
    raise unsupported()


def _lookup(row: Mapping[str, Any], path: str) -> list[Any]:
    """Return the values at `path`: none when missing, several through a repeat."""
    if path in row:
        return [row[path]]
    head, dot, rest = path.partition(".")
    if not dot or head not in row:
        return []
    inner = row[head]
    items = inner if isinstance(inner, list) else [inner]
    return [
        value
        for item in items
        if isinstance(item, dict)
        for value in _lookup(item, rest)
    ]


def _expand(values: list[Any]) -> list[Any]:
    """Return the values and, MongoDB's way, the elements of those that are arrays."""
    elements = [item for value in values if isinstance(value, list) for item in value]
    return [*values, *elements]


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def _equals(operand: object) -> Test:
    if operand is None:
        return lambda values: not values or None in values
    return lambda values: any(_is_same(value, operand) for value in _expand(values))


def _compares(compare: Callable[[Any, Any], bool], operand: object) -> Test:
    kind: type | tuple[type, ...] = str if isinstance(operand, str) else (int, float)
    if isinstance(operand, bool) or not isinstance(operand, kind):
        return lambda _values: False

    def test(values: list[Any]) -> bool:
        return any(
            isinstance(value, kind)
            and not isinstance(value, bool)
            and compare(value, operand)
            for value in _expand(values)
        )

    return test


def _matches(pattern: object, options: object) -> Test:
    if not isinstance(pattern, str) or not isinstance(options, str):
        raise unsupported()
    if set(options) - set(REGEX_FLAGS):
        raise unsupported()
    flags = sum(REGEX_FLAGS[option] for option in set(options))
    try:
        compiled = re.compile(pattern, flags)
    except re.error:
        raise unsupported() from None
    return lambda values: any(
        isinstance(value, str) and compiled.search(value) is not None
        for value in _expand(values)
    )


def _is_in(operand: object) -> Test:
    if not isinstance(operand, list):
        raise unsupported()
    # Plain values are looked up at once: one query may ask for hundreds of ids.
    plain = {choice for choice in operand if type(choice) in (int, str)}
    tests = [_equals(choice) for choice in operand if type(choice) not in (int, str)]
    return lambda values: (
        any(type(value) in (int, str) and value in plain for value in _expand(values))
        or any(test(values) for test in tests)
    )


def _has_all(operand: object) -> Test:
    if not isinstance(operand, list):
        raise unsupported()
    tests = [_equals(choice) for choice in operand]
    return lambda values: bool(tests) and all(test(values) for test in tests)


def _has_element(operand: object) -> Test:
    if not isinstance(operand, dict):
        raise unsupported()
    if _has_operator(operand):
        scalar = _compile_condition(operand)
        return lambda values: any(
            scalar([item])
            for value in values
            if isinstance(value, list)
            for item in value
        )
    nested = compile_query(operand)
    return lambda values: any(
        isinstance(item, dict) and nested(item)
        for value in values
        if isinstance(value, list)
        for item in value
    )


def _exists(operand: object) -> Test:
    return lambda values: bool(values) == bool(operand)


def _negates(operand: object) -> Test:
    if not isinstance(operand, dict) or not _has_operator(operand):
        raise unsupported()
    return _not(_compile_condition(operand))


def _not(test: Test) -> Test:
    return lambda values: not test(values)


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}
BUILDERS: dict[str, Callable[[object], Test]] = {
    "$in": _is_in,
    "$nin": lambda operand: _not(_is_in(operand)),
    "$ne": lambda operand: _not(_equals(operand)),
    "$not": _negates,
    "$exists": _exists,
    "$all": _has_all,
    "$elemMatch": _has_element,
}

"""`$orderby` over submissions."""

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.odk.stored.submission import Submission
from sandbox.odk.tables.operands import Context, Value, fields_of, unsupported_field

DIRECTIONS = ("asc", "desc")


def ordered(
    submissions: Sequence[Submission], expression: str, context: Context
) -> list[Submission]:
    """Return the submissions in the order of a `$orderby`.

    Null comes first going up, last going down. What is equal comes in the order of
    arrival, going the way of the first clause.

    Raises:
        RefusedError: 501, a field or a direction is none.
    """
    found = list(submissions)
    fields = fields_of(context)
    clauses = [part.split() or [""] for part in expression.split(",")]
    for name, *directions in clauses:
        direction = directions[0].lower() if directions else "asc"
        if name not in fields:
            raise unsupported_field(name, None)
        if direction not in DIRECTIONS:
            raise unsupported_field(directions[0], None)
    ups = [clause[1:2] not in (["desc"], ["DESC"]) for clause in clauses]
    found.sort(key=lambda one: one.number, reverse=not ups[0])
    for (name, *_), is_up in reversed(list(zip(clauses, ups, strict=True))):
        found.sort(key=_null_first(fields[name].value), reverse=not is_up)
    return found


def _null_first(value: Value) -> Callable[[Submission], tuple[bool, Any]]:
    def key(submission: Submission) -> tuple[bool, Any]:
        found = value(submission)
        return (found is not None, found if found is not None else 0)

    return key

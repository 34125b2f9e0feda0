"""`$filter` over submissions, as Postgres would decide them.

A comparison with null decides nothing, and so does its negation; `eq` and `ne` alone
know null. A literal is read as the type of what it is compared with; one that cannot
be read so is the bare 500 of a failed query, not a 400.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sandbox.http_server.exchange import RefusedError
from sandbox.odk.asking.expressions import Node, parsed
from sandbox.odk.exchange import bare_error, problem
from sandbox.odk.stored.submission import Submission
from sandbox.odk.tables.operands import (
    DELETED_AT,
    Context,
    Operand,
    Value,
    fields_of,
    read_as,
    unsupported_field,
)

# None: it can be neither said true nor false.
Decision = Callable[[Submission], bool | None]

FROM_REPEAT = "$root/Submissions/"
DATE_PARTS = ("year", "month", "day", "hour", "minute", "second")
ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
EXPRESSIONS = {
    "add": "AddExpression",
    "sub": "SubExpression",
    "mul": "MulExpression",
    "div": "DivExpression",
    "mod": "ModExpression",
    "has": "HasExpression",
    "call": "MethodCallExpression",
}


def mentions_trash(expression: str) -> bool:
    """Return whether a filter sees the trash: any mention of deletedAt does it."""
    return DELETED_AT in expression


def compiled(expression: str, context: Context) -> Decision:
    """Return the function that tells whether a submission matches.

    Raises:
        RefusedError: 400, 500 or 501, as the real server refuses the expression.
    """
    return _Compiler(context).decision(parsed(expression))


class _Compiler:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._fields = fields_of(context)

    def decision(self, node: Node) -> Decision:
        """Return what tells whether a submission matches a node."""
        if node.kind == "and":
            return _all([self.decision(part) for part in node.parts])
        if node.kind == "or":
            return self._any(node.parts)
        if node.kind == "not":
            return _negated(self.decision(node.parts[0]))
        if node.kind in ("eq", "ne", *ORDERINGS):
            return self._comparison(node)
        self._operand(node)  # refuses what is no operand either
        raise bare_error()  # WHERE wants a condition, and Postgres says so

    def _any(self, parts: Iterable[Node]) -> Decision:
        # One request may ask for hundreds of ids: those are looked up at once.
        ids = set()
        decisions = []
        for part in parts:
            if part.kind == "eq" and self._is_id(part):
                ids.add(part.parts[1].text)
            else:
                decisions.append(self.decision(part))
        if ids:
            decisions.append(lambda one: one.root_id in ids)
        return _any(decisions)

    def _is_id(self, node: Node) -> bool:
        left, right = node.parts
        is_id = left.kind == "field" and left.text == f"{self._context.prefix}__id"
        return is_id and right.kind == "literal"

    def _comparison(self, node: Node) -> Decision:
        left, right = map(self._operand, node.parts)
        left, right = read_as(left, right.kind), read_as(right, left.kind)
        kinds = {left.kind, right.kind} - {"null", "literal"}
        if len(kinds) > 1:
            raise bare_error()
        if node.kind == "eq":
            return lambda one: bool(left.value(one) == right.value(one))
        if node.kind == "ne":
            return lambda one: bool(left.value(one) != right.value(one))
        return _ordering(ORDERINGS[node.kind], left.value, right.value)

    def _operand(self, node: Node) -> Operand:
        if node.kind == "null":
            return Operand("null", lambda _one: None)
        if node.kind == "literal":
            text = node.text
            return Operand("literal", lambda _one: text)
        if node.kind == "field":
            if node.text not in self._fields:
                raise unsupported_field(node.text, node.at)
            return self._fields[node.text]
        if node.kind == "call":
            return self._call(node)
        if node.kind in EXPRESSIONS:
            raise _unsupported_expression(node)
        raise bare_error()

    def _call(self, node: Node) -> Operand:
        name = node.text.partition("(")[0].lower()
        if name == "now":
            now = self._context.now
            return Operand("moment", lambda _one: now)
        if name not in DATE_PARTS or len(node.parts) != 1:
            raise _unsupported_expression(node)
        inner = read_as(self._operand(node.parts[0]), "moment")
        if inner.kind != "moment":
            raise bare_error()

        def part(one: Submission) -> int | None:
            moment = inner.value(one)
            return None if moment is None else int(getattr(moment, name))

        return Operand("number", part)


def _ordering(
    compare: Callable[[Any, Any], bool], left: Value, right: Value
) -> Decision:
    def decide(one: Submission) -> bool | None:
        mine, its = left(one), right(one)
        return None if mine is None or its is None else compare(mine, its)

    return decide


def _all(decisions: Sequence[Decision]) -> Decision:
    def decide(one: Submission) -> bool | None:
        found = [decision(one) for decision in decisions]
        return False if False in found else None if None in found else True

    return decide


def _any(decisions: Sequence[Decision]) -> Decision:
    def decide(one: Submission) -> bool | None:
        found = [decision(one) for decision in decisions]
        return True if True in found else None if None in found else False

    return decide


def _negated(decision: Decision) -> Decision:
    def decide(one: Submission) -> bool | None:
        found = decision(one)
        return None if found is None else not found

    return decide


def _unsupported_expression(node: Node) -> RefusedError:
    kind = EXPRESSIONS[node.kind]
    return problem(
        501.4,
        "The given OData filter expression uses features not supported by this "
        f'server: {kind} at {node.at} ("{node.text}")',
        {"at": node.at, "type": kind, "text": node.text},
    )

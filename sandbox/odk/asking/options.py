"""The query options of an OData request, and the link to the next page."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from sandbox.http_server.exchange import RefusedError, Request
from sandbox.odk.exchange import bare_error, problem

TOKEN_PREFIX = "01"  # noqa: S105 - how every $skiptoken begins
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks for.

    Attributes:
        top: How many rows at most, None for all.
        skip: How many rows to leave out.
        token: The last row of the page before, None on the first.
        is_counted: Say how many rows match.
        filter: The expression, empty for none.
        orderby: The expression, empty for the usual order.
        select: The expression, empty for whole rows.
        is_expanded: Show repeats in the row.
        is_wkt: Show places as well-known text.
    """

    top: int | None
    skip: int
    token: Mapping[str, Any] | None
    is_counted: bool
    filter: str
    orderby: str
    select: str
    is_expanded: bool
    is_wkt: bool


def options_of(request: Request) -> Options:
    """Return what a request asks for.

    Raises:
        RefusedError: 400, 500 or 501, as the real server refuses it.
    """
    params = request.params
    _check_combinations(params)
    token = params.get("$skiptoken")
    return Options(
        top=whole_number(params.get("$top")),
        skip=whole_number(params.get("$skip")) or 0,
        token=_row_in(token) if token else None,
        is_counted=is_true(params.get("$count")),
        filter=params.get("$filter", ""),
        orderby=params.get("$orderby", ""),
        select=params.get("$select", ""),
        is_expanded=params.get("$expand") == EVERYTHING,
        is_wkt=is_true(params.get("$wkt")),
    )


def is_true(text: str | None) -> bool:
    """Return whether a parameter or header switches something on."""
    return text is not None and text.lower() == "true"


def whole_number(text: str | None) -> int | None:
    """Return the number a parameter begins with, None without the parameter.

    Raises:
        RefusedError: 400, it begins with none; 500, it is negative.
    """
    if text is None:
        return None
    found = re.match(r"\s*([+-]?\d+)", text)
    if found is None:
        raise problem(
            400.11,
            'Invalid input data type: expected "NaN" to be (type bigint)',
            {"value": "NaN", "expected": "type bigint"},
        )
    number = int(found[1])
    if number < 0:
        raise bare_error()  # it is Postgres that takes no negative LIMIT
    return number


def next_link(request: Request, domain: str, row: Mapping[str, str]) -> str:
    """Return the address of the page after the one that ends with `row`.

    Args:
        request: The page's own; all it asks for but `$skip` is asked for again.
        domain: Scheme, host and port as the server is configured, whatever the client
            called.
        row: Names the row, such as {"instanceId": ...}.
    """
    encoded = base64.b64encode(orjson.dumps(row)).decode()
    kept = [
        (name, value)
        for name, value in parse_qsl(request.query_string, keep_blank_values=True)
        if name not in ("$skip", "$skiptoken")
    ]
    query = urlencode([*kept, ("$skiptoken", TOKEN_PREFIX + encoded)], safe="*")
    return f"{domain}{request.path}?{query}"


def _check_combinations(params: Mapping[str, str]) -> None:
    expand = params.get("$expand")
    if expand and params.get("$select"):
        raise problem(
            501.11, "This server doesn't support $select query parameter with $expand."
        )
    if expand and expand != EVERYTHING:
        raise problem(
            501.6,
            "The given OData expand expression is not supported by this server: "
            f'"{expand}". Currently, only "$expand=*" is supported.',
            {"text": expand},
        )
    if params.get("$orderby") and params.get("$skiptoken"):
        feature = "using $orderby and $skiptoken together"
        raise problem(
            501.1,
            f"The requested feature {feature} is not supported by this server.",
            {"feature": feature},
        )


def _row_in(token: str) -> Mapping[str, Any]:
    if not token.startswith(TOKEN_PREFIX):
        raise _invalid_token()
    try:
        found = orjson.loads(base64.b64decode(token.removeprefix(TOKEN_PREFIX)))
    except ValueError:
        raise _invalid_token() from None
    if not isinstance(found, dict):
        raise _invalid_token()
    return found


def _invalid_token() -> RefusedError:
    return problem(400.35, "Invalid $skiptoken")

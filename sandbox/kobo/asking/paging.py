"""Pages of a list: which slice, and the links to its neighbours.

`start` and `limit` are the real names. The links also understand `offset`, `page` and
`page_size`; on `/data/` the rows do not, which is a trap of the real server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sandbox.http_server.exchange import Request, refused

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """A slice of a list."""

    start: int
    limit: int

    def of(self, items: Sequence[Any]) -> Sequence[Any]:
        """Return the items inside the window."""
        return items[self.start : self.start + self.limit]


def link_window(request: Request) -> Window:
    """Return the window that the links, and every list but `/data/`, go by."""
    params = request.params
    limit = _natural(params.get("limit")) or _natural(params.get("page_size"))
    limit = min(limit or DEFAULT_LIMIT, MAX_LIMIT)
    if "start" in params:
        return Window(_natural(params["start"]), limit)
    if "offset" in params:
        return Window(_natural(params["offset"]), limit)
    page = _natural(params.get("page"))
    return Window(limit * (page - 1) if page else 0, limit)


def row_window(request: Request) -> Window:
    """Return the window that rows of `/data/` go by: `start` and `limit` alone.

    Raises:
        RefusedError: 400, a parameter is not a number, or `count` was asked for.
    """
    params = request.params
    if "count" in params:
        raise refused(
            400,
            {
                "count": "This param is not implemented. "
                "Use `count` property of the response instead."
            },
        )
    limit, start = params.get("limit"), params.get("start")
    if limit is not None and not _natural(limit):
        raise refused(400, {"limit": "A positive integer is required"})
    if start is not None and not start.strip().isdecimal():
        raise refused(400, {"start": "A positive integer is required."})
    size = int(limit) if limit is not None else DEFAULT_LIMIT
    return Window(_natural(start), min(size, MAX_LIMIT))


def page_head(request: Request, count: int) -> dict[str, Any]:
    """Return `count`, `next` and `previous` of a list with `count` items."""
    window = link_window(request)
    after, before = window.start + window.limit, window.start - window.limit
    return {
        "count": count,
        "next": _link(request, window.limit, after) if after < count else None,
        "previous": _link(request, window.limit, before) if window.start > 0 else None,
    }


def page(request: Request, items: Sequence[Any]) -> dict[str, Any]:
    """Return the page of `items` that the request asks for."""
    return {
        **page_head(request, len(items)),
        "results": list(link_window(request).of(items)),
    }


def _link(request: Request, limit: int, start: int) -> str:
    params = dict(parse_qsl(request.query_string, keep_blank_values=True))
    params["limit"] = str(limit)
    params.pop("start", None)
    if start > 0:
        params["start"] = str(start)
    query = urlencode(sorted(params.items()))
    return f"{request.base_url}{request.path}?{query}"


def _natural(text: str | None) -> int:
    """Return the number in `text`, 0 where there is none."""
    return int(text) if text is not None and text.strip().isdecimal() else 0

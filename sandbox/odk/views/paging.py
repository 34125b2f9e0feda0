"""Which submissions a request is about, and which of them stand on this page."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.odk.asking.options import Options
from sandbox.odk.call import Call
from sandbox.odk.exchange import not_found
from sandbox.odk.stored.state import FormState
from sandbox.odk.stored.submission import Submission
from sandbox.odk.tables.filters import compiled, mentions_trash
from sandbox.odk.tables.operands import Context
from sandbox.odk.tables.orders import ordered

NO_ROWS = "0" * 32


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list.

    Attributes:
        rows: What stands on it.
        count: How long the whole list is.
        has_more: Whether something comes after it.
    """

    rows: Sequence[Submission]
    count: int
    has_more: bool


def matching(
    call: Call, state: FormState, options: Options, prefix: str = ""
) -> list[Submission]:
    """Return the submissions a request is about, in its order.

    Args:
        call: The request.
        state: The form.
        options: Its filter and order; the trash is seen by a filter that mentions it.
        prefix: What stands before the names of fields in them.

    Raises:
        RefusedError: The filter or the order is refused.
    """
    context = Context(call.service.actors, call.service.now, prefix)
    found = list(state.live)
    if options.filter:
        decide = compiled(options.filter, context)
        seen = state.submissions if mentions_trash(options.filter) else state.live
        found = [one for one in seen if decide(one)]
    if options.orderby:
        return ordered(found, options.orderby, context)
    return found


def live(state: FormState, root_id: str) -> Submission:
    """Return a submission outside the trash.

    Raises:
        RefusedError: 404, there is none.
    """
    found = state.by_root.get(root_id)
    if found is None or found.deleted_at:
        raise not_found()
    return found


def page_of(state: FormState, found: Sequence[Submission], options: Options) -> Page:
    """Return the page of `found` that the options ask for.

    After the row that the token names, be it in the trash by now; after one that is
    unknown or purged there is nothing, and nothing says so.
    """
    rest = _after_token(state, found, options)[options.skip :]
    rows = rest if options.top is None else rest[: options.top]
    return Page(rows, len(found), 0 < len(rows) < len(rest))


def event_tag(rows: Sequence[Submission]) -> str:
    """Return the ETag of a list of submissions.

    It changes with what happens to these, and neither with a late file nor with a new
    version of the form: the body then differs and the tag does not.
    """
    if not rows:
        return f'W/"eventhash:{NO_ROWS}"'
    marks = "\n".join(sorted(one.event_mark for one in rows))
    digest = hashlib.md5(marks.encode(), usedforsecurity=False).hexdigest()
    return f'W/"eventhash:{digest}"'


def _after_token(
    state: FormState, found: Sequence[Submission], options: Options
) -> Sequence[Submission]:
    if options.token is None:
        return found
    last = state.by_root.get(str(options.token.get("instanceId")))
    if last is None:
        return []
    return [one for one in found if one.order < last.order]

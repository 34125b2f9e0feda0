"""The OData tables of repeats: every item of a form, or those of one submission.

The real server reads every submission anew for each page of such a table.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.http_server.exchange import Answer
from sandbox.odk.asking.options import Options, options_of
from sandbox.odk.call import Call
from sandbox.odk.exchange import json_answer, not_found, problem
from sandbox.odk.stored.state import FormState
from sandbox.odk.stored.submission import Submission
from sandbox.odk.tables.filters import FROM_REPEAT
from sandbox.odk.tables.rows import Row, Shape, repeat_rows
from sandbox.odk.tables.selected import selected, selection
from sandbox.odk.views.links import context, next_page, streamed
from sandbox.odk.views.paging import live, matching
from sandbox.odk.xforms.fields import Field


def repeat_table(
    call: Call, state: FormState, options: Options, repeat: Field
) -> Answer:
    """Return items of a repeat, of all submissions that match."""
    submissions = matching(call, state, options, FROM_REPEAT)
    rows = _items(state, submissions, repeat, options)
    return streamed(_page(call, rows, options, repeat), submissions)


def items_of_one(
    call: Call, project: str, form_id: str, root_id: str, path: str
) -> Answer:
    """Return the items of a repeat of one live submission.

    Where the repeat is inside another, the item of that is named by its row id.
    """
    state = call.published(project, form_id)
    submission = live(state, root_id)
    names, _, parent = [], "", ""
    for part in path.split("/"):
        name, _, row_id = part.partition("('")
        names.append(name)
        parent = row_id.removesuffix("')") or parent
    repeat = state.current.schema.repeats.get(".".join(["Submissions", *names]))
    if repeat is None:
        raise not_found()
    options = options_of(call.request)
    rows = _items(state, [submission], repeat, options)
    if parent:
        rows = [row for row in rows if parent in row.values()]
    return json_answer(_page(call, rows, options, repeat))


def _items(
    state: FormState,
    submissions: Sequence[Submission],
    repeat: Field,
    options: Options,
) -> list[Row]:
    if state.form.is_encrypted:
        return []
    roots = state.current.schema.roots
    shape = Shape(options.is_expanded, options.is_wkt)
    return [
        row for one in submissions for row in repeat_rows(roots, repeat, one, shape)
    ]


def _page(
    call: Call, rows: list[Row], options: Options, repeat: Field
) -> dict[str, Any]:
    rest = _after_item(rows, options.token)[options.skip :]
    shown = rest if options.top is None else rest[: options.top]
    parent = next((key for key in rows[0] if key.endswith("-id")), "") if rows else ""
    wanted = selection(options.select, repeat.children, repeat.shown_path, parent)
    table = f"Submissions.{repeat.shown_path.replace('/', '.')}"
    body: dict[str, Any] = {
        "value": [row if wanted is None else selected(row, wanted) for row in shown],
        "@odata.context": context(call, table),
    }
    if 0 < len(shown) < len(rest):
        body["@odata.nextLink"] = next_page(call, {"repeatId": shown[-1]["__id"]})
    if options.is_counted:
        body["@odata.count"] = len(rows)
    return body


def _after_item(rows: list[Row], token: Mapping[str, Any] | None) -> list[Row]:
    if token is None:
        return rows
    ids = [row["__id"] for row in rows]
    if token.get("repeatId") not in ids:
        raise problem(
            400.34, "Record associated with the provided $skiptoken not found."
        )
    return rows[ids.index(token["repeatId"]) + 1 :]

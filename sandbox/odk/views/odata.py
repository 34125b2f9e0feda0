"""The OData service of a form: its document, its tables, single submissions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from sandbox.http_server.exchange import Answer
from sandbox.odk.asking.options import Options, next_link, options_of
from sandbox.odk.exchange import JSON_TYPE, json_answer, not_found
from sandbox.odk.service import Call
from sandbox.odk.stored.state import FormState
from sandbox.odk.stored.submission import Submission
from sandbox.odk.tables.filters import FROM_REPEAT
from sandbox.odk.tables.rows import Row, Shape, repeat_rows, system_row
from sandbox.odk.tables.selected import ALWAYS_THERE, selected, selection
from sandbox.odk.views.paging import event_tag, matching, page_of
from sandbox.odk.xforms.fields import Field

DOCUMENT_TYPE = f"{JSON_TYPE}; odata.metadata=minimal"
SUBMISSIONS = "Submissions"


def document(call: Call, project: str, form_id: str) -> Answer:
    """Return the service document: the table of submissions, one for each repeat."""
    state = call.published(project, form_id)
    names = [SUBMISSIONS, *state.current.schema.repeats]
    found = {
        "@odata.context": f"{_service(call)}/$metadata",
        "value": [{"name": name, "kind": "EntitySet", "url": name} for name in names],
    }
    return replace(json_answer(found), content_type=DOCUMENT_TYPE)


def table(call: Call, project: str, form_id: str, table: str) -> Answer:
    """Return rows of a table."""
    state = call.published(project, form_id)
    options = options_of(call.request)
    if table == SUBMISSIONS:
        return _submissions(call, state, options)
    repeat = state.current.schema.repeats.get(table)
    if repeat is None:
        raise not_found()
    return _repeat_table(call, state, options, repeat)


def single(call: Call, project: str, form_id: str, root_id: str) -> Answer:
    """Return one live submission."""
    state = call.published(project, form_id)
    submission = _live(state, root_id)
    rows = _rows(call, state, [submission], options_of(call.request))
    return json_answer({"value": rows, "@odata.context": _context(call, SUBMISSIONS)})


def single_repeat(
    call: Call, project: str, form_id: str, root_id: str, path: str
) -> Answer:
    """Return the items of a repeat of one live submission."""
    state = call.published(project, form_id)
    submission = _live(state, root_id)
    # Where the repeat is inside another, an item of that is named by its row id.
    names = [part.partition("('")[0] for part in path.split("/")]
    table = ".".join([SUBMISSIONS, *names])
    repeat = state.current.schema.repeats.get(table)
    if repeat is None:
        raise not_found()
    options = options_of(call.request)
    rows = list(_items(state, [submission], repeat, options))
    if path.endswith(f"/{names[-1]}") and "('" in path:
        parent = path.rpartition("('")[2].partition("')")[0]
        rows = [row for row in rows if parent in row.values()]
    return json_answer({"value": rows, "@odata.context": _context(call, table)})


def _live(state: FormState, root_id: str) -> Submission:
    submission = state.by_root.get(root_id)
    if submission is None or submission.deleted_at is not None:
        raise not_found()
    return submission


def _submissions(call: Call, state: FormState, options: Options) -> Answer:
    page = page_of(state, matching(call, state, options), options)
    body: dict[str, Any] = {
        "value": _rows(call, state, page.rows, options),
        "@odata.context": _context(call, SUBMISSIONS),
    }
    if page.has_more:
        last = {"instanceId": page.rows[-1].root_id}
        body["@odata.nextLink"] = _next(call, last)
    if options.is_counted:
        body["@odata.count"] = page.count
    if options.top == 0:
        return json_answer(body)
    return _streamed(body, page.rows)


def _rows(
    call: Call, state: FormState, rows: Sequence[Submission], options: Options
) -> list[Row]:
    shape = Shape(options.is_expanded, options.is_wkt)
    wanted = (
        selection(options.select, state.current.schema.fields)
        if options.select
        else None
    )
    needs_answers = wanted is None or not wanted <= set(ALWAYS_THERE)
    suffix = call.service.suffix(state.form)
    found = []
    for one in rows:
        row: Row = {"__id": one.root_id}
        if needs_answers and not suffix:
            row = call.service.answers(state, one, shape)
        row = {**row, "__system": system_row(one, call.service.actors, suffix)}
        found.append(row if wanted is None else selected(row, wanted))
    return found


def _repeat_table(
    call: Call, state: FormState, options: Options, repeat: Field
) -> Answer:
    submissions = matching(call, state, options, FROM_REPEAT)
    rows = list(_items(state, submissions, repeat, options))
    rest = _after_item(rows, options.token)[options.skip :]
    shown = rest if options.top is None else rest[: options.top]
    name = f"{SUBMISSIONS}.{repeat.shown_path.replace('/', '.')}"
    body: dict[str, Any] = {"value": shown, "@odata.context": _context(call, name)}
    if 0 < len(shown) < len(rest):
        body["@odata.nextLink"] = _next(call, {"repeatId": shown[-1]["__id"]})
    if options.is_counted:
        body["@odata.count"] = len(rows)
    return _streamed(body, submissions)


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


def _after_item(rows: list[Row], token: Mapping[str, Any] | None) -> list[Row]:
    if token is None:
        return rows
    ids = [row["__id"] for row in rows]
    last = token.get("repeatId")
    return rows[ids.index(last) + 1 :] if last in ids else []


def _streamed(body: Mapping[str, Any], rows: Sequence[Submission]) -> Answer:
    answer = Answer(200, orjson.dumps(body), JSON_TYPE, is_chunked=True)
    return answer.with_headers(ETag=event_tag(rows))


def _next(call: Call, row: Mapping[str, str]) -> str:
    return next_link(call.request, call.service.setting.domain, row)


def _context(call: Call, table: str) -> str:
    return f"{_service(call)}/$metadata#{table}"


def _service(call: Call) -> str:
    path, dot, _ = call.request.path.partition(".svc")
    return f"{call.service.setting.domain}{path}{dot}"

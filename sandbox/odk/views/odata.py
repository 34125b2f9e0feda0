"""The OData service of a form: its document, its tables, single submissions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sandbox.http_server.exchange import Answer
from sandbox.odk.asking.options import Options, options_of
from sandbox.odk.call import Call
from sandbox.odk.exchange import JSON_TYPE, json_answer, not_found
from sandbox.odk.stored.state import FormState
from sandbox.odk.stored.submission import Submission
from sandbox.odk.tables.rows import Row, Shape, system_row
from sandbox.odk.tables.selected import ALWAYS_THERE, selected, selection
from sandbox.odk.views.links import context, next_page, service_address, streamed
from sandbox.odk.views.paging import live, matching, page_of
from sandbox.odk.views.repeats import repeat_table

DOCUMENT_TYPE = f"{JSON_TYPE}; odata.metadata=minimal"
SUBMISSIONS = "Submissions"


def document(call: Call, project: str, form_id: str) -> Answer:
    """Return the service document: the table of submissions, one for each repeat."""
    state = call.published(project, form_id)
    names = [SUBMISSIONS, *state.current.schema.repeats]
    found = {
        "@odata.context": f"{service_address(call)}/$metadata",
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
    return repeat_table(call, state, options, repeat)


def single(call: Call, project: str, form_id: str, root_id: str) -> Answer:
    """Return one live submission."""
    state = call.published(project, form_id)
    submission = live(state, root_id)
    rows = _rows(call, state, [submission], options_of(call.request))
    return json_answer({"value": rows, "@odata.context": context(call, SUBMISSIONS)})


def _submissions(call: Call, state: FormState, options: Options) -> Answer:
    page = page_of(state, matching(call, state, options), options)
    body: dict[str, Any] = {
        "value": _rows(call, state, page.rows, options),
        "@odata.context": context(call, SUBMISSIONS),
    }
    if page.has_more:
        last = {"instanceId": page.rows[-1].root_id}
        body["@odata.nextLink"] = next_page(call, last)
    if options.is_counted:
        body["@odata.count"] = page.count
    if options.top == 0:
        return json_answer(body)
    return streamed(body, page.rows)


def _rows(
    call: Call, state: FormState, rows: Sequence[Submission], options: Options
) -> list[Row]:
    shape = Shape(options.is_expanded, options.is_wkt)
    wanted = selection(options.select, state.current.schema.roots)
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

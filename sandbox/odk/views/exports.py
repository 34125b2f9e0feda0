"""`submissions.csv` and `.csv.zip`: the original text, one table per file.

With `deletedFields=true`, columns of questions that only older versions ask come last.
Columns of several choices are never split here.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.http_server.exchange import Answer
from sandbox.odk.asking.options import is_true, options_of
from sandbox.odk.call import Call
from sandbox.odk.exchange import written
from sandbox.odk.stored.state import FormState
from sandbox.odk.stored.submission import Submission
from sandbox.odk.views.paging import event_tag, matching
from sandbox.odk.xforms.fields import STRUCTURAL, Field

POINT_PARTS = ("Latitude", "Longitude", "Altitude", "Accuracy")
SYSTEM_COLUMNS = (
    *("KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent"),
    *("AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits"),
    "FormVersion",
)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def table(call: Call, project: str, form_id: str) -> Answer:
    """Return the submissions as one table, without repeats."""
    state = call.published(project, form_id)
    found = matching(call, state, options_of(call.request))
    body = _as_csv(_main_table(call, state, found))
    answer = Answer(200, body, "text/csv; charset=utf-8", is_chunked=True)
    return _named(answer, f"{form_id}.csv", found)


def archive(call: Call, project: str, form_id: str) -> Answer:
    """Return the submissions and their repeats, a table each, in a ZIP file."""
    state = call.published(project, form_id)
    found = matching(call, state, options_of(call.request))
    tables = {f"{form_id}.csv": _main_table(call, state, found)}
    for repeat in state.current.schema.repeats.values():
        tables[f"{form_id}-{repeat.name}.csv"] = _repeat_table(repeat, found)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), _as_csv(rows))
    answer = Answer(200, stream.getvalue(), "application/zip", is_chunked=True)
    return _named(answer, f"{form_id}.csv.zip", found)


def _named(answer: Answer, name: str, rows: Sequence[Submission]) -> Answer:
    disposition = f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    return answer.with_headers(ETag=event_tag(rows), Content_Disposition=disposition)


def _as_csv(rows: Iterator[list[Any]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


def _main_table(
    call: Call, state: FormState, found: Sequence[Submission]
) -> Iterator[list[Any]]:
    columns = list(_questions(state.current.schema.roots))
    if is_true(call.request.params.get("deletedFields")):
        columns += _only_older(state)
    named = [name for field in columns for name in _column_names(field, "")]
    yield ["SubmissionDate", *named, *SYSTEM_COLUMNS]
    suffix = call.service.suffix(state.form)
    for one in found:
        answers: Mapping[str, Any] = {} if suffix else one.current.instance.answers
        yield [
            written(one.created_at),
            *(cell for field in columns for cell in _cells(field, answers)),
            *_system_cells(call, one, suffix),
        ]


def _repeat_table(repeat: Field, found: Sequence[Submission]) -> Iterator[list[Any]]:
    columns = list(_questions(repeat.children))
    inside = f"{repeat.path}/"
    named = [name for field in columns for name in _column_names(field, inside)]
    yield [*named, "PARENT_KEY", "KEY"]
    for one in found:
        items = one.current.instance.answers.get(repeat.path) or []
        for number, item in enumerate(items, start=1):
            cells = [cell for field in columns for cell in _cells(field, item)]
            yield [*cells, one.root_id, f"{one.root_id}/{repeat.path}[{number}]"]


def _questions(fields: Sequence[Field]) -> Iterator[Field]:
    """Yield the questions outside repeats."""
    for field in fields:
        if field.kind == "structure":
            yield from _questions(field.children)
        elif field.kind not in STRUCTURAL:
            yield field


def _only_older(state: FormState) -> list[Field]:
    known = set(state.current.schema.kinds)
    found: dict[str, Field] = {}
    for definition in state.definitions:
        for field in _questions(definition.schema.roots):
            if field.path not in known:
                found.setdefault(field.path, field)
    return list(found.values())


def _column_names(field: Field, inside: str) -> list[str]:
    name = field.path.removeprefix(inside).replace("/", "-")
    if field.kind == "geopoint":
        return [f"{name}-{part}" for part in POINT_PARTS]
    return [name]


def _cells(field: Field, answers: Mapping[str, Any]) -> list[str]:
    text = answers.get(field.path) or ""
    if field.kind == "geopoint":
        parts = text.split()
        return [*parts, *[""] * 4][:4]
    return [text]


def _system_cells(call: Call, one: Submission, suffix: str) -> list[Any]:
    first = one.first
    return [
        one.root_id,
        call.service.actors[first.by] if first.by else None,
        first.by,
        one.present_count,
        len(one.current.expected),
        "not decrypted" if suffix else None,
        one.review,
        first.instance.device_id,
        len(one.stored) - 1,
        f"{first.instance.version}{suffix}",
    ]

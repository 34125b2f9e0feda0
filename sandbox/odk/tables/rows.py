"""OData rows of submissions and of their repeats.

A row has every key of the form's current version, null where nothing was answered,
and no other: what an older version asked is not shown. A repeat without items has
neither an array nor a link.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sandbox.odk.exchange import written
from sandbox.odk.stored.model import Answers
from sandbox.odk.stored.submission import Submission
from sandbox.odk.tables.values import value_of
from sandbox.odk.xforms.fields import Field

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows are to look.

    Attributes:
        is_expanded: Repeats stand in the row, not only links to them.
        is_wkt: Places are well-known text, not GeoJSON.
    """

    is_expanded: bool = False
    is_wkt: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a submission a row is.

    Attributes:
        root_id: The submission's.
        steps: Each group and repeat on the way, with the item's position or None.
    """

    root_id: str
    steps: tuple[tuple[Field, int | None], ...] = ()

    def into(self, field: Field, position: int | None = None) -> "_Place":
        return _Place(self.root_id, (*self.steps, (field, position)))

    @property
    def row_id(self) -> str:
        """Return the id of the row: of a repeat's item, by its position alone."""
        if not self.steps:
            return self.root_id
        parts = [f"Submissions#{self.root_id}"]
        for field, position in self.steps:
            parts.append(f"{field.name}#{'' if position is None else position}")
        text = "%%".join(parts)
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def link_to(self, repeat: Field) -> str:
        """Return the address of the repeat's items, relative to the service."""
        parts = [f"Submissions('{quote(self.root_id, safe='')}')"]
        for depth, (field, position) in enumerate(self.steps, start=1):
            name = field.shown_name
            if position is not None:
                inner = _Place(self.root_id, self.steps[:depth])
                name = f"{name}('{inner.row_id}')"
            parts.append(name)
        return "/".join([*parts, repeat.shown_name])


def answers_row(roots: Sequence[Field], submission: Submission, shape: Shape) -> Row:
    """Return the answers of a submission as they stand now, without `__system`."""
    place = _Place(submission.root_id)
    row = _frame(roots, submission.current.instance.answers, place, shape)
    return {**row, "__id": submission.root_id}


def system_row(submission: Submission, actors: Mapping[str, int], suffix: str) -> Row:
    """Return the block `__system`.

    Args:
        submission: Whose sender and form version stay those of its first version.
        actors: The ids of all who may have sent it, by display name.
        suffix: Of an encrypted form's version; else empty.
    """
    first = submission.first
    return {
        "submissionDate": written(submission.created_at),
        "updatedAt": written(submission.updated_at),
        "submitterId": str(actors[first.by]) if first.by else None,
        "submitterName": first.by,
        "attachmentsPresent": submission.present_count,
        "attachmentsExpected": len(submission.current.expected),
        "status": "notDecrypted" if suffix else None,
        "reviewState": submission.review,
        "deviceId": first.instance.device_id,
        "edits": len(submission.stored) - 1,
        "formVersion": f"{first.instance.version}{suffix}",
        "deletedAt": written(submission.deleted_at),
    }


def repeat_rows(
    roots: Sequence[Field], repeat: Field, submission: Submission, shape: Shape
) -> Iterator[Row]:
    """Yield the items of a repeat of one submission, each with its parent's id."""
    places = _items(
        roots,
        repeat.path,
        submission.current.instance.answers,
        _Place(submission.root_id),
    )
    for answers, place, parent in places:
        above = (field.shown_name for field, _ in parent.steps)
        key = "-".join(["__Submissions", *above])
        row = _frame(repeat.children, answers, place, shape)
        yield {**row, "__id": place.row_id, f"{key}-id": parent.row_id}


def _items(
    fields: Sequence[Field], path: str, answers: Answers, place: _Place
) -> Iterator[tuple[Answers, _Place, _Place]]:
    """Yield answers and place of each item at `path`, and the place of its parent."""
    for field in fields:
        is_it = field.path == path
        if not is_it and not path.startswith(f"{field.path}/"):
            continue
        if field.kind == "structure":
            yield from _items(field.children, path, answers, place.into(field))
        for position, item in enumerate(answers.get(field.path) or []):
            if is_it:
                yield item, place.into(field, position), _row_around(place)
            elif field.kind == "repeat":
                inside = place.into(field, position)
                yield from _items(field.children, path, item, inside)


def _row_around(place: _Place) -> _Place:
    steps = place.steps
    while steps and steps[-1][1] is None:
        steps = steps[:-1]
    return _Place(place.root_id, steps)


def _frame(
    fields: Sequence[Field], answers: Answers, place: _Place, shape: Shape
) -> Row:
    row: Row = {}
    repeats = []
    for field in fields:
        if field.kind == "structure":
            row[field.shown_name] = _frame(
                field.children, answers, place.into(field), shape
            )
        elif field.kind == "repeat":
            repeats.append(field)
        else:
            text = answers.get(field.path)
            row[field.shown_name] = value_of(field.kind, text, is_wkt=shape.is_wkt)
    for field in repeats:
        row |= _repeat(field, answers.get(field.path) or [], place, shape)
    return row


def _repeat(field: Field, items: Sequence[Answers], place: _Place, shape: Shape) -> Row:
    if not items:
        return {}
    name = field.shown_name
    row: Row = {f"{name}@odata.navigationLink": place.link_to(field)}
    if shape.is_expanded:
        row[name] = [
            _item(field, item, place.into(field, position), shape)
            for position, item in enumerate(items)
        ]
    return row


def _item(field: Field, answers: Answers, place: _Place, shape: Shape) -> Row:
    row = _frame(field.children, answers, place, shape)
    return {**row, "__id": place.row_id}

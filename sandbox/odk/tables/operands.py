"""The sides of a comparison: fields of a submission, literals read as their type."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.http_server.exchange import RefusedError
from sandbox.odk.exchange import bare_error, problem
from sandbox.odk.stored.submission import Submission

Value = Callable[[Submission], Any]

DELETED_AT = "__system/deletedAt"


@dataclass(frozen=True, slots=True)
class Context:
    """What expressions are about.

    Attributes:
        actors: The ids of all who may have sent a submission, by display name.
        now: The server's moment, UTC.
        prefix: What stands before a field's name: nothing, or on the table of a
            repeat the way up to the submission.
    """

    actors: Mapping[str, int]
    now: datetime
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Operand:
    """A side of a comparison: its type, and its value of a submission.

    Attributes:
        kind: moment, number, text, null, or literal for one not read yet.
        value: Of a literal, its text whatever the submission.
    """

    kind: str
    value: Value


def fields_of(context: Context) -> dict[str, Operand]:
    """Return the fields that can be asked about, by name."""
    actors = context.actors
    named = {
        "__id": Operand("text", lambda one: one.root_id),
        "__system/submissionDate": Operand("moment", lambda one: _ms(one.created_at)),
        "__system/updatedAt": Operand("moment", lambda one: _ms(one.updated_at)),
        DELETED_AT: Operand("moment", lambda one: _ms(one.deleted_at)),
        "__system/submitterId": Operand(
            "number", lambda one: actors.get(one.first.by or "")
        ),
        "__system/reviewState": Operand("text", lambda one: one.review),
    }
    return {context.prefix + name: field for name, field in named.items()}


def _ms(moment: datetime | None) -> datetime | None:
    """Return a moment as its column keeps it, in milliseconds."""
    if moment is None:
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def read_as(operand: Operand, kind: str) -> Operand:
    """Return a literal read as the type of what it is compared with.

    Raises:
        RefusedError: 500, Postgres cannot read it so.
    """
    if operand.kind != "literal" or kind not in READERS:
        return operand
    text = operand.value(NOBODY)
    try:
        value = READERS[kind](text)
    except ValueError:
        raise bare_error() from None
    return Operand(kind, lambda _one: value)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


READERS: dict[str, Callable[[str], Any]] = {
    "moment": _moment,
    "number": float,
    "text": str,
}
# A literal has the same value whatever the submission.
NOBODY: Any = None


def unsupported_field(text: str, at: int | None) -> RefusedError:
    """Return the 501 of a field that cannot be asked about, and where it stands."""
    where = "" if at is None else f" at {at}"
    return problem(
        501.5,
        "The given OData filter expression references fields not supported by this "
        f"server: {text}{where}",
        {"text": text} if at is None else {"at": at, "text": text},
    )

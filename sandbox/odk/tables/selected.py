"""`$select`: the parts of a row that were asked for."""

from collections.abc import Collection, Iterable

from sandbox.odk.exchange import problem
from sandbox.odk.tables.rows import Row
from sandbox.odk.xforms.fields import Field

SYSTEM = (
    *("submissionDate", "updatedAt", "submitterId", "submitterName"),
    *("attachmentsPresent", "attachmentsExpected", "status", "reviewState"),
    *("deviceId", "edits", "formVersion", "deletedAt"),
)
ALWAYS_THERE = ("__id", "__system", *(f"__system/{name}" for name in SYSTEM))


def selection(text: str, fields: Iterable[Field]) -> frozenset[str]:
    """Return the paths that a `$select` names.

    Raises:
        RefusedError: 400, there is no such property.
    """
    known = {*ALWAYS_THERE, *(field.shown_path for field in fields)}
    wanted = [part.strip() for part in text.split(",")]
    for name in wanted:
        if name not in known:
            raise problem(
                400.23, f"Could not find a property named '{name}'", {"property": name}
            )
    return frozenset(wanted)


def selected(row: Row, wanted: Collection[str], inside: str = "") -> Row:
    """Return the parts of a row that are wanted, groups whole or in part."""
    found: Row = {}
    for key, value in row.items():
        path = inside + key.partition("@")[0]
        if path in wanted:
            found[key] = value
        elif isinstance(value, dict) and any(
            name.startswith(f"{path}/") for name in wanted
        ):
            found[key] = selected(value, wanted, f"{path}/")
    return found

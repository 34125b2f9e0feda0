"""`$select`: the parts of a row that were asked for."""

from collections.abc import Collection, Iterator, Sequence

from sandbox.odk.asking.options import EVERYTHING
from sandbox.odk.exchange import problem
from sandbox.odk.tables.rows import Row
from sandbox.odk.xforms.fields import Field

SYSTEM = (
    *("submissionDate", "updatedAt", "submitterId", "submitterName"),
    *("attachmentsPresent", "attachmentsExpected", "status", "reviewState"),
    *("deviceId", "edits", "formVersion", "deletedAt"),
)
ALWAYS_THERE = ("__id", "__system", *(f"__system/{name}" for name in SYSTEM))


def selection(
    text: str, fields: Sequence[Field], inside: str = "", parent: str = ""
) -> frozenset[str] | None:
    """Return the paths that a `$select` names, None for whole rows.

    Args:
        text: The expression.
        fields: The outermost nodes of a row.
        inside: Of a repeat's rows, the repeat's path.
        parent: Of a repeat's rows, the name of the column of the parent's id.

    Raises:
        RefusedError: 400, there is no such property, or it is one of a repeat's item.
    """
    if text in ("", EVERYTHING):
        return None
    always = ("__id", parent) if inside else ALWAYS_THERE
    known = dict(_within(fields, f"{inside}/" if inside else ""))
    wanted = [part.strip() for part in text.split(",")]
    for name in wanted:
        if name in always:
            continue
        details = {"property": name}
        if name not in known:
            message = f"Could not find a property named '{name}'"
            raise problem(400.23, message, details)
        if known[name]:
            raise problem(
                400.24,
                f"The given OData select property '{name}' uses features not "
                "supported by this server.",
                details,
            )
    return frozenset(wanted)


def _within(
    fields: Sequence[Field], inside: str, *, is_item: bool = False
) -> Iterator[tuple[str, bool]]:
    """Yield the path of each node, and whether it is one of a repeat's item."""
    for field in fields:
        yield field.shown_path.removeprefix(inside), is_item
        is_repeat = is_item or field.kind == "repeat"
        yield from _within(field.children, inside, is_item=is_repeat)


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

"""A draft as the YAML of a field map, its reasons as comments."""

import json
import re
from collections.abc import Iterator

from ingestion.proposals.drafts import Draft, Place

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
NOT_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


def field_lines(draft: Draft, indent: int) -> Iterator[str]:
    """Yield the lines of one name, as a block at an indent."""
    margin = " " * indent
    if draft.reason is not None:
        yield f"{margin}# proposed: {draft.reason}"
    if draft.items is None and _is_short(draft):
        yield from (_comment(one, margin) for one in draft.places if one.reason)
        cast = "" if draft.cast == "text" else f", cast: {draft.cast}"
        path = text(draft.places[0].path)
        entry = f"path: {path}{cast}, class: {draft.field_class}"
        yield f"{margin}{text(draft.name)}: {{{entry}}}"
        return
    yield f"{margin}{text(draft.name)}:"
    yield from entry_lines(draft, indent + 2)


def entry_lines(draft: Draft, indent: int) -> Iterator[str]:
    """Yield what stands under a name."""
    margin = " " * indent
    yield f"{margin}class: {draft.field_class}"
    if draft.cast != "text":
        yield f"{margin}cast: {draft.cast}"
    yield from places_lines(draft, indent)
    carried = [item for item in draft.items or [] if item.is_carried]
    if draft.items is not None:
        yield f"{margin}items:" if carried else f"{margin}items: {{}}"
    for item in carried:
        yield from field_lines(item, indent + 2)


def places_lines(draft: Draft, indent: int) -> Iterator[str]:
    """Yield where a name stands: one path, or a list of paths."""
    margin = " " * indent
    if _is_short(draft):
        yield from (_comment(one, margin) for one in draft.places if one.reason)
        yield f"{margin}path: {text(draft.places[0].path)}"
        return
    yield f"{margin}paths:"
    for place in draft.places:
        yield from place_lines(place, indent + 2)


def place_lines(place: Place, indent: int) -> Iterator[str]:
    """Yield one path of a list, and why it is proposed."""
    margin = " " * indent
    if place.reason is not None:
        yield _comment(place, margin)
    yield f"{margin}- {place_text(place)}"


def place_text(place: Place) -> str:
    """Return one path with its bounds."""
    bounds = "".join(
        f", {word}: {json.dumps(bound)}"
        for word, bound in (("since", place.since), ("until", place.until))
        if bound is not None
    )
    return f"{{path: {text(place.path)}{bounds}}}"


def left_out_lines(path: str, field_class: str, reason: str | None) -> Iterator[str]:
    """Yield the lines of a path that is left out."""
    if reason is not None:
        yield f"  # proposed: {reason}"
    yield f"  {text(path)}: {field_class}"


def text(value: str) -> str:
    """Return text as YAML reads it back as text."""
    is_plain = PLAIN.fullmatch(value) and value.lower() not in NOT_TEXT
    return value if is_plain else json.dumps(value)


def _comment(place: Place, margin: str) -> str:
    return f"{margin}# proposed: {place.reason}"


def _is_short(draft: Draft) -> bool:
    (first, *others) = draft.places
    return not others and first.since is None and first.until is None

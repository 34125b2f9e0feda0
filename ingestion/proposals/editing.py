"""Put a draft into the text of the map it was made from, and touch nothing else.

A map is a reviewed file: its order, its comments and its blank lines are somebody's
work. So lines are inserted where something is proposed and the rest stays as it is,
byte for byte.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import yaml

from ingestion.proposals.drafts import Draft, DraftMap, Place, every_draft
from ingestion.proposals.rendering import (
    entry_lines,
    field_lines,
    left_out_lines,
    place_lines,
    place_text,
    places_lines,
)

Pairs = dict[str, tuple[yaml.Node, yaml.Node]]


@dataclass(slots=True)
class _Edits:
    """Places in a text and what is to stand there.

    Attributes:
        before: The text.
        edits: Begin, end and replacement, in the order they were asked for.
    """

    before: str
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def replace(self, begin: int, end: int, replacement: str) -> None:
        """Replace a part of the text."""
        self.edits.append((begin, end, replacement))

    def insert_below(self, node: yaml.Node, lines: Iterable[str]) -> None:
        """Insert lines below the line on which a node ends."""
        end = self.before.find("\n", _end(node))
        place = len(self.before) if end < 0 else end
        self.edits.append((place, place, "".join(f"\n{line}" for line in lines)))

    def applied(self) -> str:
        """Return the text with every edit made."""
        # Those at the same place stay in the order they were asked for.
        parts, done = [], 0
        for begin, end, replacement in sorted(self.edits, key=lambda edit: edit[0]):
            parts += [self.before[done:begin], replacement]
            done = end
        return "".join([*parts, self.before[done:]])


def edited(before: str, draft: DraftMap) -> str:
    """Return the text of a map with what its draft proposes.

    Args:
        before: A field map that `load_field_map` accepts.
        draft: Made from it.
    """
    node = yaml.compose(before, yaml.SafeLoader)
    if node is None:
        raise ValueError("a field map is not empty")
    pairs = _pairs(node)
    edits = _Edits(before)
    _edit_level(edits, pairs["fields"], draft.fields)
    _edit_left_out(edits, node, pairs.get("not_carried"), draft)
    return edits.applied()


def _edit_level(
    edits: _Edits, pair: tuple[yaml.Node, yaml.Node], drafts: list[Draft]
) -> None:
    """Edit the names of one level, and add new ones below the last."""
    key, value = pair
    carried = [one for one in drafts if one.is_carried]
    if _is_flow(value):
        if any(_has_changed(one) for one in carried):
            lines = _lines_of(carried, key.start_mark.column + 2)
            _replace_value(edits, pair, lines)
        return
    known = _pairs(value)
    for one in carried:
        if not one.is_new and _has_changed(one):
            _edit_entry(edits, known[one.name], one)
    new = [one for one in carried if one.is_new]
    if new:
        first = next(iter(known.values()))[0]
        edits.insert_below(value, _lines_of(new, first.start_mark.column))


def _lines_of(drafts: Iterable[Draft], indent: int) -> Iterator[str]:
    for one in drafts:
        yield from field_lines(one, indent)


def _edit_entry(edits: _Edits, pair: tuple[yaml.Node, yaml.Node], draft: Draft) -> None:
    key, value = pair
    within = _pairs(value)
    if _is_flow(value) or ("items" in within and _is_flow(within["items"][1])):
        _replace_value(edits, pair, entry_lines(draft, key.start_mark.column + 2))
        return
    if any(_is_changed_place(one) for one in draft.places):
        _edit_places(edits, within, draft)
    if draft.items is not None:
        _edit_level(edits, within["items"], draft.items)


def _edit_places(edits: _Edits, within: Pairs, draft: Draft) -> None:
    name = "paths" if "paths" in within else "path"
    key, value = within[name]
    margin = key.start_mark.column
    if not isinstance(value, yaml.SequenceNode) or value.flow_style:
        lines = "\n".join(places_lines(draft, margin)).lstrip()
        edits.replace(key.start_mark.index, _end(value), lines)
        return
    for node, place in zip(value.value, draft.places, strict=False):
        if place.is_bounded_anew:
            edits.replace(node.start_mark.index, _end(node), place_text(place))
    # The dash stands two places before what it introduces.
    indent = value.value[0].start_mark.column - 2
    added = [place for place in draft.places if place.reason is not None]
    if added:
        edits.insert_below(
            value, (line for place in added for line in place_lines(place, indent))
        )


def _edit_left_out(
    edits: _Edits,
    root: yaml.Node,
    pair: tuple[yaml.Node, yaml.Node] | None,
    draft: DraftMap,
) -> None:
    lines = [
        line
        for path, reason in draft.reasons.items()
        for line in left_out_lines(path, draft.not_carried[path], reason)
    ]
    if not lines:
        return
    if pair is None:
        edits.insert_below(root, ["", "not_carried:", *lines])
    elif pair[1].value and not _is_flow(pair[1]):
        edits.insert_below(pair[1], lines)
    else:
        kept = [
            line
            for path, field_class in draft.not_carried.items()
            if path not in draft.reasons
            for line in left_out_lines(path, field_class, None)
        ]
        _replace_value(edits, pair, [*kept, *lines])


def _replace_value(
    edits: _Edits, pair: tuple[yaml.Node, yaml.Node], lines: Iterable[str]
) -> None:
    """Replace what stands behind a key by a block below it."""
    key, value = pair
    block = "".join(f"\n{line}" for line in lines)
    edits.replace(key.end_mark.index, _end(value), f":{block}")


def _has_changed(draft: Draft) -> bool:
    return any(
        one.is_new or any(_is_changed_place(place) for place in one.places)
        for one in every_draft([draft])
        if one.is_carried
    )


def _is_changed_place(place: Place) -> bool:
    return place.reason is not None or place.is_bounded_anew


def _pairs(node: yaml.Node) -> Pairs:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): (key, value) for key, value in node.value}


def _is_flow(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _end(node: yaml.Node) -> int:
    """Return where a node ends; a block's own mark lies behind comments after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)

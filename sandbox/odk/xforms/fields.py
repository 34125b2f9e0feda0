"""What a form asks, read off its XForm XML as Central reads it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from xml.etree import ElementTree as ET

STRUCTURAL = ("structure", "repeat")


@dataclass(frozen=True, slots=True)
class Field:
    """A node of a form: a question, a group or a repeat.

    Attributes:
        path: Such as `household/members`, as the XML has it.
        name: The last part of the path.
        kind: Central's type: string, int, decimal, structure, repeat, binary, ...
        is_multiple: Of a question with several choices.
        children: Of a group or a repeat, in their order.
    """

    path: str
    name: str
    kind: str
    is_multiple: bool = False
    children: tuple["Field", ...] = ()

    @property
    def shown_name(self) -> str:
        """Return the name as OData has it."""
        return sanitised(self.name)

    @property
    def shown_path(self) -> str:
        """Return the path as OData has it."""
        return "/".join(map(sanitised, self.path.split("/")))


@dataclass(frozen=True)
class Schema:
    """All that a version of a form asks.

    Attributes:
        roots: The outermost nodes, in their order.
    """

    roots: tuple[Field, ...]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return every node, each before those inside it."""
        return tuple(_walked(self.roots))

    @cached_property
    def repeats(self) -> dict[str, Field]:
        """Return the repeats by the name of their OData table."""
        return {
            "Submissions." + one.shown_path.replace("/", "."): one
            for one in self.fields
            if one.kind == "repeat"
        }

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Return the type of every node by its path."""
        return {one.path: one.kind for one in self.fields}

    @cached_property
    def repeat_paths(self) -> frozenset[str]:
        """Return the paths of the repeats."""
        return frozenset(one.path for one in self.repeats.values())

    @cached_property
    def binary_fields(self) -> tuple[Field, ...]:
        """Return the questions answered with a file."""
        return tuple(one for one in self.fields if one.kind == "binary")

    def listed(self, *, is_odata: bool) -> list[dict[str, Any]]:
        """Return the fields as `/fields` lists them."""
        return [
            {
                "path": f"/{field.shown_path if is_odata else field.path}",
                "name": field.shown_name if is_odata else field.name,
                "type": field.kind,
                "binary": True if field.kind == "binary" else None,
                "selectMultiple": True if field.is_multiple else None,
            }
            for field in self.fields
        ]


@cache
def sanitised(name: str) -> str:
    """Return a name that OData allows; two names may become one."""
    cleaned = re.sub(r"[^a-zA-Z0-9_]+", "_", name)
    return cleaned if re.match(r"[a-zA-Z_]", cleaned) else f"_{cleaned}"


def schema_of(xml: bytes) -> Schema:
    """Return what the form with this XForm XML asks."""
    root = ET.fromstring(xml)  # noqa: S314 - made here, or by whoever runs the stand-in
    by_tag: dict[str, list[ET.Element]] = {}
    for element in root.iter():
        by_tag.setdefault(local(element.tag), []).append(element)
    data = by_tag["instance"][0][0]
    top = f"/{local(data.tag)}/"
    paths = {
        "kinds": {
            bind.attrib["nodeset"].removeprefix(top): bind.get("type", "unknown")
            for bind in by_tag.get("bind", [])
        },
        "repeats": {
            one.attrib["nodeset"].removeprefix(top): "repeat"
            for one in by_tag.get("repeat", [])
        },
        "multiples": {
            one.attrib["ref"].removeprefix(top): "select"
            for one in by_tag.get("select", [])
        },
    }
    return Schema(tuple(_children(data, "", paths)))


def local(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]


def _children(
    element: ET.Element, inside: str, paths: Mapping[str, Mapping[str, str]]
) -> Iterator[Field]:
    # A repeat stands there twice: as the template of new items, and as an item.
    for name in dict.fromkeys(local(child.tag) for child in element):
        child = next(one for one in element if local(one.tag) == name)
        path = f"{inside}{name}"
        children = tuple(_children(child, f"{path}/", paths))
        kind = "structure" if children else paths["kinds"].get(path, "unknown")
        yield Field(
            path,
            name,
            paths["repeats"].get(path, kind),
            path in paths["multiples"],
            children,
        )


def _walked(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _walked(field.children)

"""Field maps: from a form's questions, in every version, to the warehouse's names.

A map is a reviewed YAML file. It says for each canonical name where the answer stands,
from which form version until which, how it is read, and how it is classed:

- `identifying` says who the family is. It reaches `pii` and nothing else.
- `sensitive` is about health, children, hardship or told in free words.
- `open` is everything else; it still never leaves without the family's pseudonym.

A question that no map names, or to which a map gives no class yet, is hidden: its
answer stays in raw's payload, and `reading.py` lists the question.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ingestion.answers import casts
from ingestion.answers.casts import CastName
from ingestion.config_file import ConfigFile

FieldClass = Literal["identifying", "sensitive", "open"]
ColumnName = Annotated[str, Field(min_length=1)]
# The columns of pii.family_contacts that an identifying answer may go to.
CONTACT_FIELDS = frozenset(
    {"contact_name", "contact_phone", "contact_address", "signature_file"}
)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class PathEntry(_Entry):
    """Where an answer stands, in the versions from `since` to `until`, both included.

    Versions are a form's own `settings.version`, such as 2021010401, compared as text.
    """

    path: Annotated[str, Field(min_length=1)]
    since: str | None = None
    until: str | None = None

    def holds_in(self, version_name: str | None) -> bool:
        """Return whether the path is valid in a version; any is where none is known."""
        if version_name is None:
            return True
        return (self.since or "") <= version_name and (
            self.until is None or version_name <= self.until
        )


class FieldEntry(_Entry):
    """One canonical name: a plain answer, or a repeat when it has `items`."""

    # None until somebody has reviewed the question: nothing of it is carried till then.
    field_class: Annotated[FieldClass | None, Field(alias="class")] = None
    path: str | None = None
    paths: tuple[PathEntry, ...] = ()
    cast: CastName = "text"
    items: dict[str, "FieldEntry"] | None = None

    @model_validator(mode="after")
    def _check(self) -> "FieldEntry":
        if (self.path is None) == (not self.paths):
            raise ValueError("give either path or paths")
        if self.items is not None and "cast" in self.model_fields_set:
            raise ValueError("a repeat has items and no cast")
        return self

    @property
    def places(self) -> tuple[PathEntry, ...]:
        """Where the answer may stand, in order of preference."""
        return self.paths or (PathEntry(path=self.path or ""),)


class FieldMapFile(_Entry):
    """The file as written."""

    role: str
    record_id: ColumnName | tuple[ColumnName, ...] | None = None
    received_at: str | None = None
    fields: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], FieldEntry]
    not_carried: dict[str, FieldClass | None] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> "FieldMapFile":
        if len(set(self.id_columns)) != len(self.id_columns):
            raise ValueError("record_id names a column twice")
        return self

    @property
    def id_columns(self) -> tuple[str, ...]:
        """The columns that together identify a row; none where the server does."""
        if isinstance(self.record_id, str):
            return (self.record_id,)
        return self.record_id or ()


@dataclass(frozen=True, slots=True)
class Question:
    """Where one version of a form holds one canonical answer.

    Attributes:
        name: The canonical name.
        paths: Full paths, in order of preference.
        cast: How the answer is read.
        is_identifying: Whether it may reach `pii` only.
        items: For a repeat: path of the repeat -> its questions. Else None.
    """

    name: str
    paths: tuple[str, ...]
    cast: CastName
    is_identifying: bool
    items: dict[str, tuple["Question", ...]] | None

    def all_paths(self) -> Iterator[str]:
        """Yield the path of this question and of every question inside it."""
        yield from self.paths
        for questions in (self.items or {}).values():
            for question in questions:
                yield from question.all_paths()


@dataclass(frozen=True, slots=True)
class FieldMap:
    """One reviewed field map.

    Attributes:
        role: The role of the forms it is for.
        record_id: For files: the columns that together identify a row; else none.
        received_at: For files: the column that says when a row became known.
        content_hash: Differs when the map, or our reading by it, has changed.
        written: The file's content.
        path: The file.
    """

    role: str
    record_id: tuple[str, ...]
    received_at: str | None
    content_hash: str
    written: FieldMapFile
    path: Path

    def questions(self, version_name: str | None) -> tuple[Question, ...]:
        """Return where the answers stand in one version, or in any when None."""
        return _resolve(self.written.fields, version_name, "")

    def repeats(self) -> tuple[str, ...]:
        """Return the canonical names of repeats, which no table of rows can hold."""
        return tuple(name for name, entry in self.written.fields.items() if entry.items)

    def known_paths(self, version_name: str | None) -> frozenset[str]:
        """Return every path the map accounts for in one version, with a class."""
        mapped = {
            path
            for question in self.questions(version_name)
            for path in question.all_paths()
        }
        left_out = {path for path, found in self.written.not_carried.items() if found}
        return frozenset(mapped | left_out)

    def unclassified_paths(self) -> frozenset[str]:
        """Return every path, in any version, that the map names and does not class."""
        left_out = {
            path for path, found in self.written.not_carried.items() if not found
        }
        return frozenset(left_out | set(_unclassified(self.written.fields, "")))

    def identifying_paths(self) -> frozenset[str]:
        """Return every path, in any version, whose answers reach `pii` or nothing."""
        left_out = {
            path
            for path, found in self.written.not_carried.items()
            if found == "identifying"
        }
        mapped = {
            place.path
            for entry in self.written.fields.values()
            if entry.field_class == "identifying"
            for place in entry.places
        }
        return frozenset(left_out | mapped)

    def classes(self) -> dict[str, set[FieldClass]]:
        """Return the classes of the answers of each canonical name, at any depth."""
        found: dict[str, set[FieldClass]] = {}
        for name, entry in _every_entry(self.written.fields):
            if entry.field_class:
                found.setdefault(name, set()).add(entry.field_class)
        return found


def _every_entry(fields: dict[str, FieldEntry]) -> Iterator[tuple[str, FieldEntry]]:
    for name, entry in fields.items():
        yield name, entry
        yield from _every_entry(entry.items or {})


def _unclassified(fields: dict[str, FieldEntry], prefix: str) -> Iterator[str]:
    for entry in fields.values():
        for place in entry.places:
            path = prefix + place.path
            if entry.field_class is None:
                yield path
                yield from _paths_inside(entry.items or {}, f"{path}/")
            else:
                yield from _unclassified(entry.items or {}, f"{path}/")


def _paths_inside(fields: dict[str, FieldEntry], prefix: str) -> Iterator[str]:
    for entry in fields.values():
        for place in entry.places:
            yield prefix + place.path
            yield from _paths_inside(entry.items or {}, f"{prefix}{place.path}/")


def _resolve(
    fields: dict[str, FieldEntry], version_name: str | None, prefix: str
) -> tuple[Question, ...]:
    resolved = []
    for name, entry in fields.items():
        if entry.field_class is None:
            continue
        paths = tuple(
            prefix + place.path
            for place in entry.places
            if place.holds_in(version_name)
        )
        if not paths:
            continue
        items = (
            None
            if entry.items is None
            else {
                path: _resolve(entry.items, version_name, f"{path}/") for path in paths
            }
        )
        resolved.append(
            Question(
                name,
                paths,
                entry.cast,
                is_identifying=entry.field_class == "identifying",
                items=items,
            )
        )
    return tuple(resolved)


def load_field_map(path: Path) -> FieldMap:
    """Return the field map in `path`.

    Raises:
        RegistryError: It is wrong; the message names file, line and reason.
    """
    file = ConfigFile(path)
    written = file.parse(FieldMapFile)
    _check_identifying(file, ("fields",), written.fields)
    return FieldMap(
        role=written.role,
        record_id=written.id_columns,
        received_at=written.received_at,
        content_hash=_content_hash(written),
        written=written,
        path=path,
    )


def _content_hash(written: FieldMapFile) -> str:
    content = f"{casts.READER_VERSION} {written.model_dump_json()}"
    return hashlib.sha256(content.encode()).hexdigest()


def _check_identifying(
    file: ConfigFile, place: tuple[str, ...], fields: dict[str, FieldEntry]
) -> None:
    """Refuse identifying answers that `pii` has no place for."""
    is_inside_repeat = place != ("fields",)
    for name, entry in fields.items():
        if entry.field_class == "identifying" and (
            is_inside_repeat or name not in CONTACT_FIELDS
        ):
            raise file.error(
                (*place, name),
                "is identifying but pii.family_contacts has no such column; it has "
                + ", ".join(sorted(CONTACT_FIELDS)),
            )
        _check_identifying(file, (*place, name, "items"), entry.items or {})

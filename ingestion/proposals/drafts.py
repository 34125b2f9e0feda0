"""A field map while it is being drafted: what is written in it, what is proposed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.answers.casts import CastName
from ingestion.answers.field_maps import (
    FieldClass,
    FieldEntry,
    FieldMapFile,
    PathEntry,
)
from ingestion.proposals.asked import Asked

# What nobody has classed is drafted as what is shown to few.
UNREVIEWED: FieldClass = "sensitive"


@dataclass(slots=True)
class Place:
    """Where an answer stands.

    Attributes:
        path: Within the repeat around it.
        since: The first version it stands there; None when in the first of all.
        until: The last one; None when it still does.
        reason: Why it is proposed; None for what a person has accepted before.
        is_bounded_anew: Whether a bound is proposed for what was accepted.
    """

    path: str
    since: str | None = None
    until: str | None = None
    reason: str | None = None
    is_bounded_anew: bool = False

    def bound(self, since: str | None, until: str | None) -> None:
        """Propose bounds where none are written."""
        before = (self.since, self.until)
        self.since = self.since or since
        self.until = self.until or until
        self.is_bounded_anew |= (self.since, self.until) != before

    def holds_in(self, version_name: str | None) -> bool:
        """Return whether it is valid in a version."""
        entry = PathEntry(path=self.path, since=self.since, until=self.until)
        return entry.holds_in(version_name)


@dataclass(slots=True)
class Draft:
    """One canonical name, or one path that the map leaves out on purpose.

    Attributes:
        name: The canonical name; for what is left out, its full path.
        field_class: Who may see it.
        cast: How it is read.
        places: Where it stands.
        items: What a repeat holds; None for a plain answer.
        is_carried: Whether it has a canonical name.
        is_new: Whether no person has accepted it yet.
        is_example: Taken from the product's own map, and not of this form unless one
            of its questions turns out to be it.
        reason: Why a new one is proposed.
        asked: Version number -> the question that asks it there.
    """

    name: str
    field_class: FieldClass
    cast: CastName = "text"
    places: list[Place] = field(default_factory=list)
    items: list["Draft"] | None = None
    is_carried: bool = True
    is_new: bool = False
    is_example: bool = False
    reason: str | None = None
    asked: dict[int, Asked] = field(default_factory=dict)


@dataclass(slots=True)
class DraftMap:
    """A whole map.

    Attributes:
        role: The role of the forms it is for.
        fields: In the map's order, new ones last.
        not_carried: Full path -> class, of what is left out.
        reasons: Full path -> why it is proposed to leave it out.
    """

    role: str
    fields: list[Draft]
    not_carried: dict[str, FieldClass]
    reasons: dict[str, str] = field(default_factory=dict)

    def leave_out(self, path: str, field_class: FieldClass, reason: str) -> None:
        """Propose to leave a question out."""
        self.not_carried[path] = field_class
        self.reasons[path] = reason

    @classmethod
    def of(cls, written: FieldMapFile) -> "DraftMap":
        """Return the draft that says what a map says."""
        fields = [_draft(name, entry) for name, entry in written.fields.items()]
        not_carried = {
            path: found or UNREVIEWED for path, found in written.not_carried.items()
        }
        return cls(written.role, fields, not_carried)


def _draft(name: str, entry: FieldEntry) -> Draft:
    return Draft(
        name=name,
        field_class=entry.field_class or UNREVIEWED,
        cast=entry.cast,
        places=[Place(one.path, one.since, one.until) for one in entry.places],
        items=None
        if entry.items is None
        else [_draft(inner, item) for inner, item in entry.items.items()],
    )


def every_draft(drafts: list[Draft]) -> Iterator[Draft]:
    """Yield every draft of a level and of the levels inside it."""
    for draft in drafts:
        yield draft
        yield from every_draft(draft.items or [])

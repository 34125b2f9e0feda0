"""Writes, or only says what it would write."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing written, or to be written.

    Attributes:
        kind: Such as `connection`, `group`, `permissions`, `card`.
        name: What people know it by.
        what: What is done to it.
    """

    kind: str
    name: str
    what: str


@dataclass(slots=True)
class Pen:
    """Notes every change; with `is_dry` it leaves it at that.

    Attributes:
        is_dry: Whether nothing is written.
        changes: What was written, or would be.
        notices: What a person should know that is no change.
    """

    is_dry: bool
    changes: list[Change] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def write(
        self, kind: str, name: str, what: str, action: Callable[[], Made]
    ) -> Made | None:
        """Do it and return what came of it; None where nothing is written."""
        self.changes.append(Change(kind, name, what))
        return None if self.is_dry else action()

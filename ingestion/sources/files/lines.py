"""One line of a table, whichever kind of file it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One line, blank ones and the header included.

    Attributes:
        number: The row's number as Excel shows it.
        cells: As text, from the first column on; the last ones may be missing.
        problems: Place of a cell, from 0 -> why it cannot be read.
    """

    number: int
    cells: Sequence[str]
    problems: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether no cell shows anything."""
        return not any(cell.strip() for cell in self.cells)


def letter(place: int) -> str:
    """Return how Excel calls a column, by its place from 0."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name

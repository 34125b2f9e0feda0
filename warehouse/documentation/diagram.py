"""Where tables of one subject area and the keys between them stand on a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.documentation.catalogue import Reference, TableEntry

WIDTH, LEFT, RIGHT = 960, 20, 620
BOX, ROW, HEAD, GAP = 320, 20, 30, 24
OWN_INK = "#4b5b6b"
INKS = ("#1f5f99", "#a85b00", "#2f7d4f", "#7a3e8e", "#a3313f", "#00737a", "#6b6a12")


@dataclass(frozen=True, slots=True)
class Box:
    """A table on the page, in pixels from its top left corner.

    Attributes:
        table: Which.
        rows: The columns it shows.
        ink: Its colour, which the lines that end at it have too.
    """

    table: TableEntry
    rows: tuple[str, ...]
    ink: str
    x: int
    y: int
    width: int = BOX
    head: int = HEAD

    @property
    def height(self) -> int:
        """Return the height, with a last row for what is not shown."""
        return HEAD + ROW * (len(self.rows) + 1)

    @property
    def rest(self) -> int:
        """Return how many columns are not shown."""
        return len(self.table.columns) - len(self.rows)

    def row_y(self, place: int) -> int:
        """Return the middle of a row, the first being 0."""
        return self.y + HEAD + ROW * place + ROW // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A reference from a row of one box to a row of another."""

    start: tuple[int, int]
    end: tuple[int, int]
    ink: str
    is_enforced: bool

    @property
    def middle(self) -> int:
        """Return the place between both ends where the line bends."""
        return (self.start[0] + self.end[0]) // 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a template needs to draw one area; lengths in pixels."""

    area: str
    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int


def draw(area: str, names: Sequence[str], tables: Sequence[TableEntry]) -> Drawing:
    """Lay out an area: its tables left, what they point at right.

    A table that others of the area point at, and that points at nothing itself, stands
    right only; every line runs from left to right.

    Args:
        area: Its name.
        names: Of the area's tables, in their order.
        tables: The whole catalogue.
    """
    known = {table.full_name: table for table in tables}
    own = [known[name] for name in names if name in known]
    aims = sorted({one.to_table for table in own for one in _drawn(table, known)})
    inks = {name: INKS[place % len(INKS)] for place, name in enumerate(aims)}
    left = _stack(
        [
            (table, _shown(table), OWN_INK)
            for table in own
            if _drawn(table, known) or table.full_name not in aims
        ],
        LEFT,
    )
    right = _stack([(known[name], known[name].key, inks[name]) for name in aims], RIGHT)
    at = {box.table.full_name: box for box in right}
    return Drawing(
        area=area,
        boxes=[*left, *right],
        lines=[
            _line(box, reference, at[reference.to_table])
            for box in left
            for reference in _drawn(box.table, known)
        ],
        width=WIDTH,
        height=max((box.y + box.height for box in (*left, *right)), default=0) + GAP,
    )


def _drawn(table: TableEntry, known: dict[str, TableEntry]) -> list[Reference]:
    """Return the references to draw: a declared key rather than a test of the same."""
    found: dict[tuple[tuple[str, ...], str], Reference] = {}
    for reference in sorted(table.references, key=lambda one: one.is_enforced):
        if reference.to_table in known:
            found[(reference.columns, reference.to_table)] = reference
    return list(found.values())


def _shown(table: TableEntry) -> tuple[str, ...]:
    pointing = [column for one in table.references for column in one.columns]
    return tuple(dict.fromkeys([*table.key, *pointing]))


def _stack(
    found: Sequence[tuple[TableEntry, tuple[str, ...], str]], x: int
) -> list[Box]:
    boxes: list[Box] = []
    y = GAP
    for table, rows, ink in found:
        boxes.append(Box(table, rows, ink, x, y))
        y += boxes[-1].height + GAP
    return boxes


def _line(box: Box, reference: Reference, aim: Box) -> Line:
    start_row = box.rows.index(reference.columns[0])
    end_row = (
        aim.rows.index(reference.to_columns[0])
        if reference.to_columns[0] in aim.rows
        else 0
    )
    return Line(
        (box.x + BOX, box.row_y(start_row)),
        (aim.x, aim.row_y(end_row)),
        aim.ink,
        reference.is_enforced,
    )

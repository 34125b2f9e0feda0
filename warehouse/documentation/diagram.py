"""Tables of one subject area and the keys between them, drawn as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from warehouse.documentation.catalogue import Reference, TableEntry

WIDTH, LEFT, RIGHT = 960, 20, 620
BOX, ROW, HEAD, GAP = 320, 20, 30, 24
INKS = ("#1f5f99", "#a85b00", "#2f7d4f", "#7a3e8e", "#a3313f", "#4b5b6b", "#00737a")


@dataclass(frozen=True, slots=True)
class Box:
    """A table on the page: what rows it shows, and where it stands."""

    table: TableEntry
    rows: tuple[str, ...]
    x: int
    y: int

    @property
    def height(self) -> int:
        """Return the height in pixels, with a last row for what is not shown."""
        return HEAD + ROW * (len(self.rows) + 1)

    def row_y(self, column: str) -> int:
        """Return the middle of a column's row."""
        place = self.rows.index(column) if column in self.rows else -1
        return self.y + HEAD + ROW * place + ROW // 2


def diagram(area: str, names: Sequence[str], tables: Sequence[TableEntry]) -> str:
    """Return the SVG of an area: its tables left, what they point at right.

    A table of the area that others of it point at stands right as well, so that every
    line runs from left to right.

    Args:
        area: Its name, for those who cannot see the drawing.
        names: Of the area's tables, in their order.
        tables: The whole catalogue.
    """
    known = {table.full_name: table for table in tables}
    own = [known[name] for name in names if name in known]
    aims = sorted({ref.to_table for table in own for ref in _drawn(table, known)})
    left = [
        table for table in own if _drawn(table, known) or table.full_name not in aims
    ]
    left_boxes = _stack([(table, _shown(table)) for table in left], LEFT)
    right_boxes = _stack([(known[name], known[name].key) for name in aims], RIGHT)
    height = max([box.y + box.height for box in (*left_boxes, *right_boxes)], default=0)
    inks = {name: INKS[place % len(INKS)] for place, name in enumerate(aims)}
    at = {box.table.full_name: box for box in right_boxes}
    lines = [
        _line(box, reference, at[reference.to_table], inks[reference.to_table])
        for box in left_boxes
        for reference in _drawn(box.table, known)
    ]
    boxes = [
        *(_draw(box, INKS[-2]) for box in left_boxes),
        *(_draw(box, inks[box.table.full_name]) for box in right_boxes),
    ]
    return "\n".join(
        [
            f'<svg class="diagram" viewBox="0 0 {WIDTH} {height + GAP}" role="img" '
            f'aria-label="Tables of {escape(area)} and the keys between them" '
            'xmlns="http://www.w3.org/2000/svg">',
            *lines,
            *boxes,
            "</svg>",
        ]
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


def _stack(found: list[tuple[TableEntry, tuple[str, ...]]], x: int) -> list[Box]:
    boxes: list[Box] = []
    y = GAP
    for table, rows in found:
        boxes.append(Box(table, rows, x, y))
        y += boxes[-1].height + GAP
    return boxes


def _line(box: Box, reference: Reference, aim: Box, ink: str) -> str:
    start_y = box.row_y(reference.columns[0])
    end_y = aim.row_y(reference.to_columns[0])
    start_x, end_x = box.x + BOX, aim.x
    middle = (start_x + end_x) // 2
    dash = "" if reference.is_enforced else ' stroke-dasharray="5 4"'
    return (
        f'<path d="M{start_x} {start_y} C{middle} {start_y} {middle} {end_y} '
        f'{end_x} {end_y}" fill="none" stroke="{ink}" stroke-width="1.5"{dash}/>'
        f'<circle cx="{end_x}" cy="{end_y}" r="3.5" fill="{ink}"/>'
    )


def _draw(box: Box, ink: str) -> str:
    table = box.table
    rest = len(table.columns) - len(box.rows)
    rows = [
        f'<text x="{box.x + 12}" y="{box.row_y(name) + 5}"'
        f"{' class="key"' if name in table.key else ''}>{escape(name)}</text>"
        for name in box.rows
    ]
    last_y = box.y + HEAD + ROW * len(box.rows) + ROW // 2 + 3
    return "\n".join(
        [
            f'<a href="dictionary.html#{table.full_name}">',
            f'<rect x="{box.x}" y="{box.y}" width="{BOX}" height="{box.height}" '
            f'rx="5" fill="#fff" stroke="{ink}"/>',
            f'<rect x="{box.x}" y="{box.y}" width="{BOX}" height="{HEAD - 4}" rx="5" '
            f'fill="{ink}"/>',
            f'<text x="{box.x + 12}" y="{box.y + 18}" class="head">'
            f"{escape(table.name)}</text>",
            *rows,
            f'<text x="{box.x + 12}" y="{last_y}" class="rest">'
            f"and {rest} more columns</text>",
            "</a>",
        ]
    )

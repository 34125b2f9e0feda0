"""What moved, as lines of text."""

from collections.abc import Iterator, Sequence

from warehouse.prices.seeds import Move

HEADINGS = ("series", "country", "period", "old", "new", "")


def as_table(moves: Sequence[Move]) -> Iterator[str]:
    """Yield a heading and one line per move; nothing where nothing moved."""
    if not moves:
        return
    rows = [HEADINGS, *(_cells(move) for move in moves)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _cells(move: Move) -> tuple[str, ...]:
    old = "-" if move.old is None else f"{move.old:f}"
    refused = f"not written: {move.refused}" if move.refused else ""
    return (
        move.series,
        move.country_code,
        str(move.period),
        old,
        f"{move.new:f}",
        refused,
    )

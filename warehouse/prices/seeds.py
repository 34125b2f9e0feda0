"""The seed files that hold prices: read, compared with what is published, written."""

import csv
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Move:
    """One value of a seed that is published otherwise now.

    Attributes:
        series: The publisher's code, such as `FP.CPI.TOTL`.
        seed: The seed it stands in.
        country_code: Whose.
        period: The year.
        old: What the seed has; None where it has no value of that period.
        new: What is published, in the seed's unit and base.
        refused: Why it must not be written; empty where it may.
    """

    series: str
    seed: str
    country_code: str
    period: int
    old: Decimal | None
    new: Decimal
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed file.

    Attributes:
        path: Where.
        columns: In the file's order.
        rows: Its rows, as texts.
    """

    path: Path
    columns: tuple[str, ...]
    rows: Rows

    @property
    def name(self) -> str:
        """Return the name that dbt knows it by."""
        return self.path.stem


def read_seed(folder: Path, name: str) -> Seed:
    """Read a seed file."""
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = list(reader)
    return Seed(path, tuple(reader.fieldnames or ()), rows)


def write_seed(seed: Seed, rows: Sequence[dict[str, str]]) -> None:
    """Put a seed file in the place of the old one, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, seed.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    handle, name = tempfile.mkstemp(dir=seed.path.parent, prefix=f".{seed.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(seed.path.stat().st_mode)
        fresh.replace(seed.path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def rounded(value: Decimal, digits: int) -> Decimal:
    """Return a value with no more digits than its column holds."""
    return value.quantize(Decimal(1).scaleb(-digits)).normalize()


def years_of(rows: Rows, column: str, key: str, code: str) -> dict[int, dict[str, str]]:
    """Return the rows of one country or currency by their year."""
    return {int(row[column][:4]): row for row in rows if row[key] == code}


def pairs(rows: Rows) -> Iterator[tuple[str, str]]:
    """Yield every country with its currency, once."""
    yield from dict.fromkeys(
        (row["country_code"], row["currency_code"]) for row in rows
    )

"""The two forms of a file: CSV and Parquet."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from warehouse.exports.columns import ExportColumn

Row = tuple[Any, ...]
WriteRows = Callable[[Sequence[Row]], None]
NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")
SPREADSHEET_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def csv_file(path: Path, columns: Sequence[ExportColumn]) -> Iterator[WriteRows]:
    """Yield what writes rows to a CSV file; null is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in columns])

        def write(rows: Sequence[Row]) -> None:
            writer.writerows([_cell(value) for value in row] for row in rows)

        yield write


def _cell(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, list):
        return " ".join(map(str, value))
    # A spreadsheet would run it.
    if isinstance(value, str) and value.startswith(SPREADSHEET_FORMULAS):
        return f"'{value}"
    return value


@contextmanager
def parquet_file(path: Path, columns: Sequence[ExportColumn]) -> Iterator[WriteRows]:
    """Yield what writes rows to a Parquet file."""
    # Its import takes longer than most of our commands.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    names = [column.name for column in columns]
    schema = pa.schema(
        [(column.name, _arrow_type(pa, column.type_name)) for column in columns]
    )
    with parquet.ParquetWriter(path, schema) as writer:

        def write(rows: Sequence[Row]) -> None:
            by_column = zip(*rows, strict=True)
            arrays = [
                pa.array(values, type=schema.field(name).type)
                for name, values in zip(names, by_column, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

        yield write


def _arrow_type(pa: Any, type_name: str) -> Any:  # noqa: ANN401 - published without types
    money = NUMERIC.fullmatch(type_name)
    if money:
        return pa.decimal128(int(money[1]), int(money[2]))
    kinds = {
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp with time zone": pa.timestamp("us", tz="UTC"),
        "double precision": pa.float64(),
        "numeric": pa.decimal256(60, 20),
        "text[]": pa.list_(pa.string()),
    }
    whole = {"smallint", "integer", "bigint"}
    return pa.int64() if type_name in whole else kinds.get(type_name, pa.string())


class ExportFormat(StrEnum):
    """How files are written."""

    CSV = "csv"
    PARQUET = "parquet"


FORMATS = {ExportFormat.CSV: csv_file, ExportFormat.PARQUET: parquet_file}

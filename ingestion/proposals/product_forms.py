"""The questions of the forms that come with the product, `ingestion/forms/*.xlsx`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion.sources.base import Choice, QuestionDefinition

FORMS = Path(__file__).parents[1] / "forms"
LABEL = "label"
BEGIN, END = "begin_", "end_"

Cells = dict[str, Any]


def product_questions(role: str) -> tuple[QuestionDefinition, ...]:
    """Return what the product's form of a role asks; nothing where it has no form."""
    path = FORMS / f"cii_{role}.xlsx"
    if not path.exists():
        return ()
    # Here and not above: only those who propose a field map shall wait for it.
    from openpyxl import load_workbook  # noqa: PLC0415

    workbook = load_workbook(path, read_only=True)
    try:
        choices: dict[str, list[Choice]] = {}
        for row in _rows(workbook["choices"]):
            choice = Choice(str(row["name"]), _labels(row))
            choices.setdefault(str(row["list_name"]), []).append(choice)
        return tuple(_questions(_rows(workbook["survey"]), choices))
    finally:
        workbook.close()


def _questions(
    rows: Iterator[Cells], choices: dict[str, list[Choice]]
) -> Iterator[QuestionDefinition]:
    groups: list[str] = []
    repeats: list[str] = []
    for row in rows:
        kind, _, list_name = str(row["type"]).partition(" ")
        if kind.startswith(END):
            if repeats and repeats[-1] == "/".join(groups):
                repeats.pop()
            groups.pop()
            continue
        path = "/".join([*groups, str(row["name"])])
        if kind.startswith(BEGIN):
            groups.append(str(row["name"]))
            repeats += [path] if kind.endswith("repeat") else []
            continue
        yield QuestionDefinition(
            path=path,
            type=kind,
            repeat_path=repeats[-1] if repeats else None,
            labels=_labels(row),
            list_name=list_name or None,
            choices=tuple(choices.get(list_name, ())),
        )


def _labels(row: Cells) -> dict[str, str]:
    return {
        column.partition("::")[2]: str(value)
        for column, value in row.items()
        if column.partition("::")[0] == LABEL
    }


def _rows(sheet: Any) -> Iterator[Cells]:  # noqa: ANN401 - openpyxl has no types
    rows = sheet.iter_rows(values_only=True)
    header = next(rows)
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        filled = {name: cell for name, cell in cells.items() if cell is not None}
        if filled:
            yield filled

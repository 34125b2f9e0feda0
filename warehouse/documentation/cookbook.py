"""The cookbook: one question, one query, and what it gives on the pilot."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, text

from warehouse.errors import CookbookError

COOKBOOK = Path(__file__).parents[2] / "warehouse_docs" / "cookbook"
INDEX = "README.md"
FIELDS = ("Topic", "Question", "Asked by", "Read", "Traps", "Definition", "Release")
FIELD = re.compile(r"([A-Z][a-z ]+): (.*)")
TOPICS = (
    "Income",
    "Savings",
    "Shocks",
    "Helping each other",
    "Children",
    "Goals",
    "Investments",
    "Payments",
    "Meetings",
    "How life is going",
    "Journals",
    "Families",
    "Releases and data quality",
)
INTRODUCTION = """\
# Cookbook

Questions that program leads, analysts, finance and families ask, each with a query that
answers it (`<name>.sql`) and what the query gives on the synthetic pilot
(`<name>.csv`). Copy one and change it: what is asked for stands at its top, in `asked`,
or in its `where`.

All of them read `marts` and `ops` and show no family by itself. Families that do not
let their numbers enter totals are left out wherever an average or a share is taken.
Money of two currencies is never added. What a query says of a few families stays in the
programme: what leaves it comes from `share`.

```
psql "$(make -s warehouse-url)" -f warehouse_docs/cookbook/income_change_by_site.sql
```

This page is written by `python -m warehouse cookbook --write`, which also renews the
results; without `--write` it says which queries give something else now.
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One question and the query that answers it.

    Attributes:
        name: Of its files.
        about: What its header says, by field.
        sql: The query, header included.
        expected: What it gives on the pilot, as CSV; empty where nobody wrote it yet.
    """

    name: str
    about: dict[str, str]
    sql: str
    expected: str


def recipes(folder: Path = COOKBOOK) -> list[Recipe]:
    """Return every recipe, in the order of topics and questions.

    Raises:
        CookbookError: A header lacks a field, or has one that is not known.
    """
    found = [_read(page) for page in folder.glob("*.sql")]
    return sorted(found, key=_place)


def result(recipe: Recipe, connection: Connection) -> str:
    """Run the query and return its rows as CSV, column names first."""
    rows = connection.execute(text(_unbound(recipe.sql)))
    page = io.StringIO()
    lines = csv.writer(page, lineterminator="\n")
    lines.writerow(rows.keys())
    lines.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return page.getvalue()


def changed(connection: Connection, folder: Path = COOKBOOK) -> dict[str, str]:
    """Return what each query gives now, of those that give something else, by name."""
    return {
        recipe.name: now
        for recipe in recipes(folder)
        if (now := result(recipe, connection)) != recipe.expected
    }


def write(connection: Connection, folder: Path = COOKBOOK) -> list[str]:
    """Write results that changed, and the index; return the names of those."""
    found = changed(connection, folder)
    for name, now in found.items():
        (folder / f"{name}.csv").write_text(now)
    (folder / INDEX).write_text(index(recipes(folder)))
    return sorted(found)


def index(all_recipes: Sequence[Recipe]) -> str:
    """Return the page that lists every question under its topic."""
    lines = [INTRODUCTION]
    for topic, of_topic in groupby(all_recipes, lambda recipe: recipe.about["Topic"]):
        lines += [f"## {topic}", "", "| Question | Asked by | |", "|---|---|---|"]
        lines += [
            f"| {recipe.about['Question']} | {recipe.about['Asked by']} "
            f"| [query]({recipe.name}.sql), [result]({recipe.name}.csv) |"
            for recipe in of_topic
        ]
        lines.append("")
    return "\n".join(lines)


def _unbound(sql: str) -> str:
    # A colon is part of the query here, never the begin of a parameter.
    return sql.replace(":", "\\:")


def _place(recipe: Recipe) -> tuple[int, str]:
    return TOPICS.index(recipe.about["Topic"]), recipe.name


def _read(page: Path) -> Recipe:
    sql = page.read_text()
    about = _header(sql)
    if wrong := set(FIELDS) ^ about.keys():
        raise CookbookError(
            f"{page.name}: its header should say {', '.join(FIELDS)}, once each; look "
            f"at {', '.join(sorted(wrong))}."
        )
    if about["Topic"] not in TOPICS:
        raise CookbookError(
            f"{page.name}: {about['Topic']} is no topic; there are {', '.join(TOPICS)}."
        )
    expected = page.with_suffix(".csv")
    return Recipe(
        page.stem, about, sql, expected.read_text() if expected.exists() else ""
    )


def _header(sql: str) -> dict[str, str]:
    about: dict[str, str] = {}
    name = ""
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        said = line.removeprefix("--").strip()
        # A line that is indented goes on with the field above it.
        begins = FIELD.fullmatch(line.removeprefix("-- "))
        if begins:
            name, said = begins.groups()
        about[name] = f"{about.get(name, '')} {said}".strip()
    return about

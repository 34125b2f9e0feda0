"""The catalogue of metrics as a reader sees it, in three languages."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEED = ROOT / "dbt_project" / "seeds" / "metrics.csv"
CONVENTIONS = ROOT / "warehouse_docs" / "conventions.md"
LANGUAGES = {"en": "English", "es": "Español", "fil": "Filipino"}
CONVENTION = re.compile(r"^\| (C\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Convention:
    """A choice that definitions rest on: its code, what it is about, and the rule."""

    code: str
    about: str
    rule: str


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric; `names` and `definitions` are by language.

    Attributes:
        facts: What its other columns say, such as unit and minimum of families, by what
            they are called.
        conventions: Codes of those it rests on.
    """

    code: str
    names: dict[str, str]
    definitions: dict[str, str]
    formula: str
    facts: dict[str, str]
    conventions: tuple[str, ...]


FACTS = {
    "unit_code": "Unit",
    "kind_code": "Kind",
    "minimum_family_count": "Minimum of families",
    "definition_version": "Version",
    "availability_code": "Availability",
    "missing_data": "Missing data",
}


def conventions(page: Path = CONVENTIONS) -> list[Convention]:
    """Return the conventions in their order."""
    return [Convention(*found) for found in CONVENTION.findall(page.read_text())]


def metrics(seed: Path = SEED) -> list[Metric]:
    """Return every metric of the catalogue in the order of codes."""
    rows = csv.DictReader(seed.read_text().splitlines())
    return sorted((_read(row) for row in rows), key=lambda metric: metric.code)


def _read(row: dict[str, str]) -> Metric:
    return Metric(
        code=row["metric_code"],
        names=_in_languages(row, "metric_name"),
        definitions=_in_languages(row, "definition"),
        formula=row["formula"],
        facts={
            called: row[column].replace("_", " ")
            for column, called in FACTS.items()
            if row.get(column)
        },
        conventions=tuple(row["conventions"].split()),
    )


def _in_languages(row: dict[str, str], column: str) -> dict[str, str]:
    return {
        code: row[column if code == "en" else f"{column}_{code}"] for code in LANGUAGES
    }

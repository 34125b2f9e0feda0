"""What a release is: its row in the seed, which the command has to agree with."""

import csv
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from warehouse.dbt import PROJECT
from warehouse.errors import ReleaseError

SEED = PROJECT / "seeds" / "releases.csv"
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 40  # Postgres cuts a longer schema's name
# dbt gives the whole release of a code of that name to what is not frozen.
RESERVED = "live"


@dataclass(frozen=True, slots=True)
class Release:
    """One release, as `seeds/releases.csv` defines it.

    Attributes:
        code: Such as `2021-07`.
        known_as_of: What was known later does not count. UTC.
        start_month: First day of the month that its window begins with.
        end_month: First day of the month that its window ends with.
    """

    code: str
    known_as_of: datetime
    start_month: date
    end_month: date

    @property
    def schema(self) -> str:
        """Where it is frozen: `2021-07` in `release_2021_07`."""
        return schema_of(self.code)


def schema_of(code: str) -> str:
    """Return the schema's name for a release.

    Raises:
        ReleaseError: The code would make no name of a schema.
    """
    if not CODE.fullmatch(code) or len(code) > LONGEST or code == RESERVED:
        raise ReleaseError(
            f"{code or 'Nothing'!r} is no code of a release: write small letters, "
            "digits and single hyphens, such as 2021-07."
        )
    return f"release_{code.replace('-', '_')}"


def defined_release(code: str, seed: Path = SEED) -> Release:
    """Read a release from the seed.

    Raises:
        ReleaseError: The seed does not define it.
    """
    schema_of(code)
    with seed.open(encoding="utf-8", newline="") as lines:
        rows = {row["release_code"]: row for row in csv.DictReader(lines)}
    if code not in rows:
        known = ", ".join(rows) or "none"
        raise ReleaseError(
            f"{seed.name} defines no release {code} (it has {known}): add its row, "
            "with its window and what it counts as known, and commit it."
        )
    row = rows[code]
    return Release(
        code=code,
        known_as_of=datetime.fromisoformat(row["known_as_of"]).astimezone(UTC),
        start_month=date.fromisoformat(row["start_month"]),
        end_month=date.fromisoformat(row["end_month"]),
    )


def require_same_day(asked: date, known_as_of: datetime, code: str, place: str) -> None:
    """Refuse a cut-off that is not the one on record.

    Raises:
        ReleaseError: They are not the same day.
    """
    if asked != known_as_of.date():
        raise ReleaseError(
            f"{place} release {code} with what was known at {known_as_of:%Y-%m-%d} and "
            f"not at {asked}: give that day, or give another release another code."
        )


def describe(code: str, as_of: date) -> str:
    """Return in words what freezing a release does, for whoever agrees to it.

    Raises:
        ReleaseError: The seed does not define it, or counts another day.
    """
    defined = defined_release(code)
    require_same_day(as_of, defined.known_as_of, code, "releases.csv defines")
    return (
        f"Release {code} has the months {defined.start_month:%Y-%m} to "
        f"{defined.end_month:%Y-%m} and counts what was known at "
        f"{defined.known_as_of:%Y-%m-%d %H:%M} UTC. It is frozen into the schema "
        f"{defined.schema}, which is never written again."
    )

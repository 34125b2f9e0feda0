from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from warehouse.errors import ReleaseError
from warehouse.releases.definition import (
    defined_release,
    require_same_day,
    schema_of,
)

SEED = """release_code,known_as_of,start_month,end_month
2021-07,2021-09-30 23:59:59+00,2020-07-01,2021-07-01
2021-08,2021-10-01 01:30:00+02,2020-07-01,2021-08-01
"""


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "releases.csv"
    path.write_text(SEED)
    return path


def test_a_release_is_what_its_row_of_the_seed_says(seed: Path) -> None:
    found = defined_release("2021-07", seed)

    assert found.schema == "release_2021_07"
    assert found.known_as_of == datetime(2021, 9, 30, 23, 59, 59, tzinfo=UTC)
    assert (found.start_month, found.end_month) == (date(2020, 7, 1), date(2021, 7, 1))


def test_the_day_that_counts_last_is_that_of_utc(seed: Path) -> None:
    found = defined_release("2021-08", seed)

    require_same_day(date(2021, 9, 30), found.known_as_of, found.code, "The seed has")
    with pytest.raises(ReleaseError, match="2021-09-30 and not at 2021-10-01"):
        require_same_day(date(2021, 10, 1), found.known_as_of, found.code, "It has")


def test_a_release_that_the_seed_lacks_is_named_with_those_it_has(seed: Path) -> None:
    with pytest.raises(ReleaseError, match=r"no release 2022-01 .*2021-07, 2021-08"):
        defined_release("2022-01", seed)


@pytest.mark.parametrize("code", ["", "live", "2021_07", "A", "a--b", "x" * 41, 'a"b'])
def test_a_code_that_makes_no_schema_is_refused(code: str) -> None:
    with pytest.raises(ReleaseError, match="is no code of a release"):
        schema_of(code)

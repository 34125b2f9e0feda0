"""An erasure outlives builds: the next one, and one from nothing after a full reload.

Each builds the whole pilot, so they run in `make test-long` only.
"""

from pathlib import Path

import pytest

from tests.warehouse.erasure.conftest import CODE, Erased, in_environment
from warehouse import dbt

# They test the models on made-up rows, as every other build of the tests does.
UNIT_TESTS = "test_type:unit"

pytestmark = pytest.mark.long


def listed(erased: Erased) -> int:
    """Return how often the family is on the lists that forms get."""
    query = "select count(*) from ops.families_of_form_media() where family_code = "
    return int(erased.rows(f"{query}'{CODE}'")[0][0])


def family_count(erased: Erased) -> int:
    return int(erased.rows("select count(*) from marts.dim_families")[0][0])


def build(erased: Erased, target: Path, *, full_refresh: bool = False) -> dbt.DbtReport:
    with in_environment(erased.environment):
        return dbt.build(
            exclude=UNIT_TESTS, full_refresh=full_refresh, target_dir=target
        )


def test_builds_after_an_erasure_work_and_bring_the_family_back_nowhere(
    erased: Erased, tmp_path: Path
) -> None:
    assert "marts.fct_family_months" in {place for place, _ in erased.before}
    families = family_count(erased)

    report = build(erased, tmp_path / "next")
    assert report.passed > 100
    assert erased.found() == set()
    assert listed(erased) == 0
    assert family_count(erased) == families > 250

    erased.land(full=True)
    report = build(erased, tmp_path / "anew", full_refresh=True)

    assert report.full_refresh_reason
    assert report.passed > 100
    assert erased.found() == set()
    assert listed(erased) == 0
    assert family_count(erased) == families

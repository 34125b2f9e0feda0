"""A build from nothing after an erasure: the models that families are read from.

All of them, and a build that goes on from the last one: test_rebuilding.py, long.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.erasure.conftest import Erased
from tests.warehouse.rebuild import Rebuilder

# Every form has its way into one of them.
MARTS = ("dim_families", "fct_family_months", "fct_investments", "fct_consent_events")
COUNTS = """
select
    '{mart}',
    count(*),
    count(*) filter (where counted::text like any(array[{names}]))
from marts.{mart} as counted
"""


@pytest.fixture
def rebuilder(
    erased: Erased, built_pilot: Warehouse, tmp_path: Path
) -> Iterator[Rebuilder]:
    """Return what builds the models of the pilot in the warehouse of the erasure."""
    database = erased.url.rpartition("/")[2]
    manifest = tmp_path / "manifest.json"
    compiled = built_pilot.built_manifest.read_text()
    moved = compiled.replace('\\"pilot\\".', f'\\"{database}\\".')
    assert moved != compiled
    manifest.write_text(moved)
    yield Rebuilder(manifest, erased.url)
    manifest.unlink()


def test_models_built_anew_have_every_family_but_the_erased(
    erased: Erased, rebuilder: Rebuilder
) -> None:
    names = ", ".join(f"'%{name}%'" for name in erased.names)
    query = " union all ".join(COUNTS.format(mart=mart, names=names) for mart in MARTS)
    before = {mart: count for mart, count, _ in erased.rows(query)}

    found = rebuilder.query_rebuilt(MARTS, query)

    assert {mart: count for mart, count, _ in found} == before
    assert before["dim_families"] > 250
    assert {mart: named for mart, _, named in found} == dict.fromkeys(MARTS, 0)

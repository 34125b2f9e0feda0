"""Mistakes of ten kinds are each found by a test, which finds nothing without them."""

from functools import cache
from pathlib import Path

import pytest

from sandbox.pilot.model import Pilot
from tests.warehouse.conftest import Warehouse
from tests.warehouse.mistakes.checks import Check, Sources
from tests.warehouse.mistakes.mistakes import MISTAKES, Mistake
from tests.warehouse.mistakes.page import page
from tests.warehouse.oracle.definitions import METRICS
from tests.warehouse.oracle.panel import read_panel

PAGE = Path(__file__).parents[3] / "warehouse_docs" / "deliberate_mistakes.md"
CHECKS = list(dict.fromkeys(mistake.check for mistake in MISTAKES))


@pytest.fixture(scope="module")
def sources(built_pilot: Warehouse, pilot: Pilot) -> Sources:
    panel = read_panel(built_pilot.url)
    return Sources(
        built_pilot.rebuilder(), pilot, cache(lambda name: METRICS[name][1](panel))
    )


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.words)
def test_a_mistake_is_found(mistake: Mistake, sources: Sources) -> None:
    assert mistake.check.failures(sources, [mistake.change]) > 0


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.words)
def test_without_a_mistake_nothing_is_found(check: Check, sources: Sources) -> None:
    assert check.failures(sources, []) == 0


def test_the_mistakes_are_of_ten_kinds_at_least() -> None:
    assert len({mistake.kind for mistake in MISTAKES}) >= 10


def test_the_page_lists_the_mistakes_as_they_are() -> None:
    """Renewed by `.venv/bin/python -m tests.warehouse.mistakes.page`."""
    assert PAGE.read_text() == page()

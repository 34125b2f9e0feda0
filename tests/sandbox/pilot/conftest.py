"""The pilot, built once for all of its tests."""

import pytest

from sandbox.pilot import Pilot, build_pilot


@pytest.fixture(scope="session")
def pilot() -> Pilot:
    return build_pilot()

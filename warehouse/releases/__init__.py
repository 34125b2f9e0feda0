"""Releases: what was published, frozen into a schema of its own and never changed."""

from warehouse.releases.definition import describe
from warehouse.releases.release import Frozen, release
from warehouse.releases.verification import erased_since, verify

__all__ = ["Frozen", "describe", "erased_since", "release", "verify"]

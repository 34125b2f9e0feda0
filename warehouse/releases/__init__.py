"""Releases: what was published, frozen into a schema of its own and never changed."""

from warehouse.releases.definition import describe
from warehouse.releases.release import Frozen, release
from warehouse.releases.verification import verify

__all__ = ["Frozen", "describe", "release", "verify"]

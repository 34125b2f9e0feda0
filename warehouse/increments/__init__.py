"""What a build must compute anew: decided here, and not by whoever starts it."""

from warehouse.increments.books import Build, recorded_build

__all__ = ["Build", "recorded_build"]

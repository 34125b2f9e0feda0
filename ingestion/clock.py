"""The one place that looks at the clock; everything else takes it as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)  # noqa: TID251 - the default of every clock argument

"""One line of the status."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

State = Literal["well", "look", "wrong"]
ORDER: tuple[State, ...] = ("well", "look", "wrong")
AGES = ((86_400, "d"), (3_600, "h"), (60, "min"))


@dataclass(frozen=True, slots=True)
class Line:
    """How one part stands.

    Attributes:
        part: Such as `server kobo_main` or `marts`.
        state: `wrong` where figures are missing or old, `look` where a person should
            look some day, else `well`.
        said: For people.
    """

    part: str
    state: State
    said: str

    def as_dict(self) -> dict[str, Any]:
        """Return the line as values that JSON knows."""
        return asdict(self)


def worst(lines: Iterable[Line]) -> State:
    """Return the worst state of all lines."""
    return max((line.state for line in lines), key=ORDER.index, default="well")


def age(moment: datetime | None, now: datetime) -> str:
    """Return how long ago something was, such as `3 h ago`."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    for length, unit in AGES:
        if seconds >= length:
            return f"{seconds / length:.0f} {unit} ago"
    return "just now"

"""Charts without figures: what Altair draws once, to be filled for each card.

Making a chart with Altair takes twenty times as long as all the rest of a card. The
charts of a kind differ in words, ends of axes and figures alone, so each kind is made
once with slots in their place. A slot is a word or a number that no card has.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

Chart = dict[str, Any]
Values = list[dict[str, Any]]

FIGURES, EVENTS = "figures", "events"  # what a chart's data sets are called
HEIGHT_SLOT = 777_000_777
TICKS_SLOT = 666_000_666  # alone in a list, where an axis names its ticks
_ENDS = {
    "x": (-111.000111e9, 111.000111e9),
    "y": (-222.000222e9, 222.000222e9),
    "z": (-444.000444e9, 444.000444e9),
}
_REFERENCE = 333.000333e9


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its words, its ends (fixed, so that charts compare), its unit.

    Of calendar months it also has the ticks.
    """

    title: str
    domain: tuple[float, float]
    unit: str = ""
    ticks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the figures of a chart.

    Attributes:
        description: For readers who do not see the chart.
        stamp: Such as `Synthetic data`; empty when the data are real.
        tooltip: Titles of the tooltip's words, by their key in the values.
        reference: A figure to compare with, drawn as a line.
    """

    description: str
    stamp: str
    tooltip: dict[str, str]
    reference: float | None = None


class Outline(NamedTuple):
    """What of a frame makes one shape differ from another."""

    tooltip_keys: tuple[str, ...]
    has_stamp: bool
    has_reference: bool


def outline_of(frame: Frame) -> Outline:
    """Return what a shape must know of the frame it will be filled with."""
    has_reference = frame.reference is not None
    return Outline(tuple(frame.tooltip), bool(frame.stamp), has_reference)


def axis_slot(name: str, unit: str = "") -> Axis:
    """Return the axis `x`, `y` or `z` (a second one upwards) of a shape."""
    return Axis(f"slot {name}", _ENDS[name], unit)


def frame_slot(outline: Outline) -> Frame:
    """Return the frame of a shape."""
    return Frame(
        description="slot description",
        stamp="slot stamp" if outline.has_stamp else "",
        tooltip={key: f"slot tooltip {key}" for key in outline.tooltip_keys},
        reference=_REFERENCE if outline.has_reference else None,
    )


def filled(  # noqa: PLR0913 - all that a shape has slots for
    shape: Chart,
    data: dict[str, Values],
    frame: Frame,
    *,
    height: int,
    x: Axis | None = None,
    y: Axis | None = None,
    z: Axis | None = None,
    row_height: int = 0,
) -> Chart:
    """Return the chart: the shape with words, ends of axes and figures in its slots.

    Args:
        shape: From Altair.
        data: Rows by the name of their data set.
        frame: What stands around the figures.
        height: In pixels.
        x: The axis across.
        y: The axis upwards.
        z: The axis upwards on the right, where there are two.
        row_height: Pixels of one item, where items have rows; the page's filters move
            the rows that are left together.
    """
    slots: dict[object, object] = {
        "slot description": frame.description,
        "slot stamp": frame.stamp,
        _REFERENCE: frame.reference,
        HEIGHT_SLOT: height,
    }
    slots |= {f"slot tooltip {key}": title for key, title in frame.tooltip.items()}
    if x:
        slots[TICKS_SLOT] = x.ticks
    for name, axis in (("x", x), ("y", y), ("z", z)):
        if axis:
            slots[f"slot {name}"] = axis.title
            slots |= dict(zip(_ENDS[name], axis.domain, strict=True))
    chart: Chart = _fill(shape, slots)
    # Altair moves the reference line's own data there, and without it none is drawn.
    chart["datasets"] = chart.get("datasets", {}) | data
    if row_height:
        chart["usermeta"] = {"rowHeight": row_height}
    return chart


def _fill(part: Any, slots: dict[object, object]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(part, dict):
        return {key: _fill(value, slots) for key, value in part.items()}
    if part == [TICKS_SLOT]:
        return list(slots[TICKS_SLOT])  # type: ignore[call-overload]  # it is a tuple
    if isinstance(part, list):
        return [_fill(value, slots) for value in part]
    return slots.get(part, part)

"""Which groups get a page, and why another gets none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports.groups import Group


class Refusal(StrEnum):
    """Why a group gets no page, in words that follow "no page for these groups"."""

    NOT_AGREED = "not every family has agreed to totals"
    TOO_FEW = "too few families belong to it or have told of the month"


@dataclass(frozen=True, slots=True)
class Decision:
    """The groups that get a page, and those that get none, each with why."""

    told: tuple[Group, ...]
    refused: tuple[tuple[Group, Refusal], ...]


def decide(groups: Sequence[Group]) -> Decision:
    """Part the groups; what is told and what is refused keep their order."""
    reasons = [(group, refusal(group)) for group in groups]
    return Decision(
        told=tuple(group for group, reason in reasons if reason is None),
        refused=tuple((group, reason) for group, reason in reasons if reason),
    )


def refusal(group: Group) -> Refusal | None:
    """Return why the group gets no page; None where it gets one.

    Consent comes first: it is asked of every family that belongs to the group today,
    and of every family of the month that is told, also if it has left since.
    """
    if not group.is_agreed_by_all:
        return Refusal.NOT_AGREED
    if group.shown_month is None:
        return Refusal.TOO_FEW
    month = group.months[group.shown_month]
    if not month.is_agreed_by_all:
        return Refusal.NOT_AGREED
    if min(group.family_count, month.reported_family_count) < month.least_group_count:
        return Refusal.TOO_FEW
    return None

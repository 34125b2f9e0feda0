"""Answers as KoboToolbox stores them: text, under full paths, absent when empty."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

Answers = dict[str, Any]


def filled(answers: Mapping[str, Any]) -> Answers:
    """Return what KoboToolbox would keep: no empty text, no empty repeat."""
    return {path: answer for path, answer in answers.items() if answer not in ("", [])}


def under(group: str, answers: Mapping[str, Any]) -> Answers:
    """Return the answers moved into `group`, repeats included."""
    return {
        f"{group}/{path}": [under(group, item) for item in answer]
        if isinstance(answer, list)
        else answer
        for path, answer in answers.items()
    }


def renamed(answers: Mapping[str, Any], renames: Mapping[str, str]) -> Answers:
    """Return the answers under the paths of an older version."""
    if not renames:
        return dict(answers)
    return {
        renames.get(path, path): [renamed(item, renames) for item in answer]
        if isinstance(answer, list)
        else answer
        for path, answer in answers.items()
    }


def yes_no(is_true: bool) -> str:  # noqa: FBT001  # it is the answer itself
    """Return `yes` or `no`."""
    return "yes" if is_true else "no"


def amount(value: Decimal | float) -> str:
    """Return money as people type it: no exponent, no idle zeros."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def several(codes: Iterable[str]) -> str:
    """Return a select_multiple answer."""
    return " ".join(codes)

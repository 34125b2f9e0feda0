"""Build the pages of the peer groups that whoever reads may see."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pages import Language, says_synthetic, write_pages
from reports.deciding import Refusal, decide
from reports.errors import OutputError, ReadingError
from reports.groups import Group, read_groups
from reports.page import render_page
from reports.words import known_languages
from warehouse.connection import read_snapshot

OUT_VARIABLE = "REPORTS_OUT"
DEFAULT_OUT = "group_pages"
TIMEOUT_SECONDS = 60
OUR_PAGES = re.compile(r"[\w-]+/\d{4}-\d{2}\.[a-z]{2,3}\.html")
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class GroupPages:
    """What was built.

    Attributes:
        out: The folder; each group has one of its own in it.
        pages: The files.
        group_count: Groups that got a page.
        refused: Codes of the groups that got none, by why.
    """

    out: Path
    pages: tuple[Path, ...]
    group_count: int
    refused: dict[Refusal, list[str]]

    def counted(self) -> dict[str, int]:
        """Return how many pages there are, and how many groups got none, by why."""
        refused = {str(reason): len(codes) for reason, codes in self.refused.items()}
        return {"pages": len(self.pages)} | refused


def build_group_pages(  # noqa: PLR0913 - one line of choices, all but the first by name
    out: Path | None = None,
    *,
    url: str | None = None,
    role: str | None = None,
    sites: Sequence[str] | None = None,
    month: date | None = None,
    languages: Sequence[Language] | None = None,
    is_synthetic: bool | None = None,
) -> GroupPages:
    """Write a page for each group that may have one, and take away all others of ours.

    The folder then holds what this run made and no older page: what a family has taken
    back since is in none of them. Give each reader a folder.

    Args:
        out: Where the pages go. None takes `REPORTS_OUT`, or the folder `group_pages`.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        role: Whose groups: a role that reads `marts`, such as a liaison's. None is who
            logs in.
        sites: Only groups of these sites.
        month: Of the pages. None takes each group's newest that enough families have
            told of.
        languages: Of the pages. None takes those of each group's site.
        is_synthetic: Whether the data are synthetic, which every page then says. None
            takes `DASHBOARDS_SYNTHETIC`; only `false` there says that they are real.

    Raises:
        ReportError: Nobody's group is seen, the marts cannot be read, or the folder
            cannot be written to.
        WarehouseError: The warehouse cannot be reached, or the role not be taken.
    """
    folder = out or Path(os.environ.get(OUT_VARIABLE) or DEFAULT_OUT)
    stamped = says_synthetic() if is_synthetic is None else is_synthetic
    with read_snapshot(url, timeout_seconds=TIMEOUT_SECONDS, role=role) as connection:
        groups = read_groups(connection, sites, month)
    if not groups:
        # Its last group may be gone, and so must be what was told of it.
        _write(folder, {})
        raise ReadingError(_no_group(role, sites))
    decision = decide(groups)
    pages: dict[str, str] = {}
    for group in decision.told:
        pages |= _pages_of(group, languages, is_synthetic=stamped)
    refused: dict[Refusal, list[str]] = {}
    for group, reason in decision.refused:
        refused.setdefault(reason, []).append(group.code)
    return GroupPages(folder, _write(folder, pages), len(decision.told), refused)


def page_name(group: Group, month: date, language: Language) -> str:
    """Return the page's name in the folder, such as `MX-PG01/2021-08.es.html`.

    A group's code is what somebody typed, so no other sign of it reaches the disk.
    """
    return f"{NOT_IN_A_NAME.sub('-', group.code)}/{month:%Y-%m}.{language}.html"


def _pages_of(
    group: Group, languages: Sequence[Language] | None, *, is_synthetic: bool
) -> dict[str, str]:
    month = group.shown_month
    if month is None:  # then it was refused
        return {}
    return {
        page_name(group, month, language): render_page(
            group, month, language, is_synthetic=is_synthetic
        )
        for language in languages or known_languages(group.language_codes)
    }


def _write(folder: Path, pages: dict[str, str]) -> tuple[Path, ...]:
    try:
        return write_pages(folder, pages, OUR_PAGES)
    except OSError as error:
        raise OutputError(
            f"The pages could not be written to {folder} ({error.strerror}): give a "
            "folder that can be written to."
        ) from error


def _no_group(role: str | None, sites: Sequence[str] | None) -> str:
    reader = role or "Whoever logs in"
    place = f" of {', '.join(sites)}" if sites else ""
    return (
        f"{reader} sees no peer group{place}, so no page was written and those of "
        "before were taken away: look at `access:` of the registry, and at "
        "`python -m warehouse build`."
    )

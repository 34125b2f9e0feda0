"""Build the site: every dashboard, every language, and the page that lists them."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from dashboards.contents import DashboardContent, read_dashboard
from dashboards.errors import OutputError
from dashboards.languages import languages_of_reader
from dashboards.queries import snapshot
from dashboards.spec_file import SPECS, Spec, load_specs
from pages import Language, says_synthetic, write_pages

OUT_VARIABLE = "DASHBOARDS_OUT"
SLOW_MILLISECONDS = 200  # a card that takes longer keeps a reader waiting
OUR_PAGES = re.compile(r"d[0-9]+-[a-z0-9-]+\.[a-z]{2,3}\.html|index\.html")


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What was built.

    Attributes:
        out: The folder.
        pages: The files in it, the list of dashboards first.
        dashboard_count: Dashboards, each in every language.
        card_count: Cards, counted once.
        suppressed_card_count: Cards that hold at least one figure back.
    """

    out: Path
    pages: tuple[Path, ...]
    dashboard_count: int
    card_count: int
    suppressed_card_count: int


def build_site(  # noqa: PLR0913 - one line of choices, all but the first by name
    out: Path | None = None,
    *,
    url: str | None = None,
    role: str | None = None,
    languages: Sequence[Language] | None = None,
    is_synthetic: bool | None = None,
    specs: Path = SPECS,
    on_step: Callable[[str], None] = lambda _: None,
) -> SiteReport:
    """Render every dashboard in every language of its readers.

    Nothing is written unless everything could be read and drawn; each page is replaced
    whole. The same data give the same bytes.

    Args:
        out: Where the pages go. None takes `DASHBOARDS_OUT`, or the folder `site`.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        role: Whose rows are shown, of `access:`; None is who logs in.
        languages: Which languages to make. None takes those of the sites that are read:
            see `dashboards.languages`.
        is_synthetic: Whether the data are synthetic, which every chart then says. None
            takes `DASHBOARDS_SYNTHETIC`; only `false` there says that they are real.
        specs: The folder of specs.
        on_step: Told what is done next, for a progress display.

    Raises:
        DashboardError: A spec, a query or the folder is wrong.
        WarehouseError: The warehouse cannot be reached.
    """
    folder = out or Path(os.environ.get(OUT_VARIABLE) or "site")
    stamped = says_synthetic() if is_synthetic is None else is_synthetic
    on_step("Reading the specs")
    found = load_specs(specs)
    with snapshot(url, role=role) as connection:
        chosen = languages or languages_of_reader(connection)
        contents = _read_all(connection, found, on_step)
    pages = _render_all(contents, chosen, on_step, is_synthetic=stamped)
    on_step("Writing the pages")
    written = _write_pages(folder, pages)
    cards = [card for content in contents for card in content.cards.values()]
    return SiteReport(
        out=folder,
        pages=written,
        dashboard_count=len(found),
        card_count=len(cards),
        suppressed_card_count=sum(card.has_suppressed for card in cards),
    )


@dataclass(frozen=True, slots=True)
class Timed:
    """How long the query of one card took."""

    dashboard: str
    card: str
    milliseconds: float

    def __str__(self) -> str:
        """Return `D2, card income_level: 12 ms`."""
        return f"{self.dashboard}, card {self.card}: {self.milliseconds:.0f} ms"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was checked.

    Attributes:
        dashboard_count: Dashboards.
        card_count: Cards, those without a query with them.
        timed: The queries' times, the slowest first.
    """

    dashboard_count: int
    card_count: int
    timed: tuple[Timed, ...]

    @property
    def slow(self) -> tuple[Timed, ...]:
        """Cards that keep a reader waiting."""
        return tuple(
            timed for timed in self.timed if timed.milliseconds > SLOW_MILLISECONDS
        )


def check_site(url: str | None = None, *, specs: Path = SPECS) -> CheckReport:
    """Check that every spec is valid, reads only what it may and gives what it names.

    Raises:
        DashboardError: The first thing that is wrong.
        WarehouseError: The warehouse cannot be reached.
    """
    found = load_specs(specs)
    with snapshot(url) as connection:
        contents = _read_all(connection, found, lambda _: None)
    timed = [
        Timed(content.spec.dashboard.code, name, card.seconds * 1000)
        for content in contents
        for name, card in content.cards.items()
    ]
    return CheckReport(
        dashboard_count=len(found),
        card_count=len(timed),
        timed=tuple(sorted(timed, key=lambda one: -one.milliseconds)),
    )


def _read_all(
    connection: Connection, specs: Sequence[Spec], on_step: Callable[[str], None]
) -> list[DashboardContent]:
    contents = []
    for spec in specs:
        on_step(f"Reading {spec.dashboard.code} {spec.dashboard.title.en}")
        contents.append(read_dashboard(connection, spec))
    return contents


def _render_all(
    contents: Sequence[DashboardContent],
    languages: Sequence[Language],
    on_step: Callable[[str], None],
    *,
    is_synthetic: bool,
) -> dict[str, str]:
    # Here and not above: Altair takes a second, which only those who draw shall wait.
    from dashboards.static.page import (  # noqa: PLC0415
        page_name,
        render_index,
        render_page,
    )

    pages = {}
    specs = [content.spec for content in contents]
    for content in contents:
        for language in languages:
            name = page_name(content.spec, language)
            on_step(f"Drawing {name}")
            pages[name] = render_page(
                content,
                language,
                languages,
                is_synthetic=is_synthetic,
                neighbours=specs,
            )
    pages["index.html"] = render_index(specs, languages, is_synthetic=is_synthetic)
    return pages


def _write_pages(folder: Path, pages: dict[str, str]) -> tuple[Path, ...]:
    try:
        written = write_pages(folder, pages, OUR_PAGES)
    except OSError as error:
        raise OutputError(
            f"The pages could not be written to {folder} ({error.strerror}): give a "
            "folder that can be written to."
        ) from error
    return tuple(sorted(written, key=lambda page: page.name != "index.html"))

"""A static site for each lead of the registry, of the rows that her role may read."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from dashboards.errors import DashboardError, OutputError
from dashboards.registry import read_registry
from dashboards.site import OUR_PAGES, SiteReport, build_site
from dashboards.spec_file import SPECS
from pages import take_away_pages
from warehouse.errors import WarehouseError

OUT_VARIABLE = "DASHBOARDS_OF_LEADS_OUT"


def build_sites_of_leads(  # noqa: PLR0913 - one line of choices, all by name
    out: Path,
    *,
    url: str | None = None,
    is_synthetic: bool | None = None,
    registry: Path | None = None,
    specs: Path = SPECS,
    on_step: Callable[[str], None] = lambda _: None,
) -> list[SiteReport]:
    """Render the dashboards of every entry `lead_...` into a folder of its own.

    A lead who is in the registry no longer has no pages afterwards. Where those of one
    cannot be made, the others are, and her old ones stay.

    Args:
        out: Each lead has a folder in it, called as her role.
        url: The warehouse, as somebody who may read as every lead: its owner. None
            takes `WAREHOUSE_URL`.
        is_synthetic: Whether the data are synthetic. None takes `DASHBOARDS_SYNTHETIC`.
        registry: None takes `JOURNAL_SITES`, or `ingestion/sites.yml`.
        specs: The folder of specs.
        on_step: Told what is done next, for a progress display.

    Raises:
        DashboardError: The pages of one could not be made, or the registry not read.
        WarehouseError: The warehouse cannot be reached, or not be read as a lead.
    """
    roles = read_registry(registry).lead_roles
    made: list[SiteReport] = []
    failed: list[DashboardError | WarehouseError] = []
    for role in roles:
        try:
            made.append(
                build_site(
                    out / role,
                    url=url,
                    role=role,
                    is_synthetic=is_synthetic,
                    specs=specs,
                    on_step=partial(_tell, on_step, role),
                )
            )
        except (DashboardError, WarehouseError) as error:
            failed.append(error)
    _take_away_others(out, roles)
    if failed:
        raise failed[0]
    return made


def build_sites_of_leads_where_configured() -> int:
    """Render them where `DASHBOARDS_OF_LEADS_OUT` names a folder; return how many."""
    folder = os.environ.get(OUT_VARIABLE)
    return len(build_sites_of_leads(Path(folder))) if folder else 0


def _tell(on_step: Callable[[str], None], role: str, step: str) -> None:
    on_step(f"{role}: {step}")


def _take_away_others(out: Path, roles: tuple[str, ...]) -> None:
    for folder in sorted(out.glob("lead_*")):
        if folder.name in roles:
            continue
        try:
            take_away_pages(folder, OUR_PAGES)
            if not any(folder.iterdir()):
                folder.rmdir()
        except OSError as error:
            raise OutputError(
                f"The pages of {folder.name}, who is a lead no longer, could not be "
                f"removed from {out} ({error.strerror}): remove {folder} by hand."
            ) from error

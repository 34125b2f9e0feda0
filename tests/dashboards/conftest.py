from collections.abc import Iterator

import pytest

from dashboards import SiteReport, build_site
from pages import LANGUAGES
from sandbox.postgres import Postgres
from tests.dashboards.d1_alone import d1_specs
from tests.dashboards.small_warehouse import fill

DATABASE = "dashboards_small"


@pytest.fixture(scope="session")
def small_warehouse(postgres_server: Postgres) -> Iterator[str]:
    """Make the small warehouse; the value is its URL. Nobody writes to it."""
    postgres_server.ensure_database(DATABASE)
    url = postgres_server.url(DATABASE)
    fill(url)
    yield url
    postgres_server.run_sql(f"drop database {DATABASE} with (force)")


@pytest.fixture(scope="session")
def site(small_warehouse: str, tmp_path_factory: pytest.TempPathFactory) -> SiteReport:
    """Build D1 of the small warehouse once."""
    return build_site(
        tmp_path_factory.mktemp("site"),
        url=small_warehouse,
        is_synthetic=True,
        specs=d1_specs(),
    )


@pytest.fixture(scope="session")
def pages(site: SiteReport) -> dict[str, str]:
    """Return the pages of D1 by language."""
    return {
        language: (site.out / f"d1-multi-site-overview.{language}.html").read_text(
            encoding="utf-8"
        )
        for language in LANGUAGES
    }

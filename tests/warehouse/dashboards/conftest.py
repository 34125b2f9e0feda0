import pytest

from dashboards import SiteReport, build_site
from tests.warehouse.conftest import Warehouse


@pytest.fixture(scope="session")
def pilot_site(
    built_pilot: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> SiteReport:
    """Build every dashboard of the pilot once, in every language."""
    folder = tmp_path_factory.mktemp("pilot-site")
    return build_site(folder, url=built_pilot.url, is_synthetic=True)

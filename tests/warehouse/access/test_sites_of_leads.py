"""The static dashboards of each lead: of her rows, and hers alone."""

from pathlib import Path

import pytest

from dashboards.sites_of_leads import build_sites_of_leads
from tests.dashboards.d1_alone import d1_specs
from tests.dashboards.reading import whole_text
from tests.warehouse.access.conftest import Guarded
from warehouse.errors import WarehouseSettingError

OF_LOMA_CLARA, OF_OTHER = "lead_loma_clara", "lead_other"
REGISTRY = """
sites:
  MX-01: {name: Loma Clara, country: MEX}
access:
  lead_loma_clara: {sites: [MX-01]}
  lead_other: {sites: [MX-02]}
  metabase_programme: {sites: all}
  analyst: {sites: all}
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "sites.yml"
    path.write_text(REGISTRY)
    return path


def names_in(folder: Path, names: list[str]) -> set[str]:
    """Return the names that stand on a page of the folder, in words or in a chart."""
    pages = [page.read_text("utf-8") for page in folder.glob("*.html")]
    return {name for name in names if any(name in whole_text(page) for page in pages)}


def test_each_lead_has_pages_of_her_sites_and_no_others(
    guarded: Guarded, registry: Path, tmp_path: Path
) -> None:
    sites = dict(guarded.all_rows("select site_code, site_name from marts.dim_sites"))
    out = tmp_path / "out"

    made = build_sites_of_leads(
        out, url=guarded.url, is_synthetic=True, registry=registry, specs=d1_specs()
    )

    assert [report.out.name for report in made] == [OF_LOMA_CLARA, OF_OTHER]
    names = list(sites.values())
    assert names_in(out / OF_LOMA_CLARA, names) == {sites["MX-01"]}
    assert names_in(out / OF_OTHER, names) == {sites["MX-02"]}


def test_a_lead_who_is_one_no_longer_has_no_pages(
    guarded: Guarded, registry: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    build_sites_of_leads(out, url=guarded.url, registry=registry, specs=d1_specs())
    registry.write_text(REGISTRY.replace("  lead_other: {sites: [MX-02]}\n", ""))
    (out / OF_LOMA_CLARA / "notes.txt").write_text("Not ours.")

    build_sites_of_leads(out, url=guarded.url, registry=registry, specs=d1_specs())

    assert [folder.name for folder in out.iterdir()] == [OF_LOMA_CLARA]
    assert (out / OF_LOMA_CLARA / "notes.txt").exists()


def test_a_lead_without_a_role_is_named_and_the_others_have_pages(
    guarded: Guarded, registry: Path, tmp_path: Path
) -> None:
    registry.write_text(REGISTRY.replace("lead_loma_clara", "lead_not_applied"))
    out = tmp_path / "out"

    with pytest.raises(WarehouseSettingError, match="read as lead_not_applied"):
        build_sites_of_leads(out, url=guarded.url, registry=registry, specs=d1_specs())

    assert (out / OF_OTHER / "index.html").exists()

from pathlib import Path

import pytest

from ingestion.registry import Registry, load_registry
from sandbox.feeds.registry import write_registry


@pytest.fixture
def base() -> Registry:
    return load_registry()


def servers_of(registry: Registry, site: str) -> set[str]:
    """Return where the answers of a site are, its files left out."""
    return {
        form.server_name
        for form in registry.forms
        if site in form.site_codes and form.server.kind != "files"
    }


def test_every_site_has_each_role_on_one_server(tmp_path: Path, base: Registry) -> None:
    central_sites = {"PH-01", "US-01"}
    path = write_registry(tmp_path / "sites.yml", central_sites)
    registry = load_registry(path)

    assert registry.sites == base.sites
    assert {site: servers_of(registry, site) for site in base.sites} == {
        site: {"central" if site in central_sites else "kobo_main"}
        for site in base.sites
    }
    assert sorted(
        (form.role, site) for form in registry.forms for site in form.site_codes
    ) == sorted((form.role, site) for form in base.forms for site in form.site_codes)


def test_with_every_site_on_central_no_form_stays_on_kobotoolbox(
    tmp_path: Path, base: Registry
) -> None:
    path = write_registry(tmp_path / "sites.yml", list(base.sites))
    registry = load_registry(path)

    assert len(registry.forms) == len(base.forms)
    assert {form.server.kind for form in registry.forms} == {"odk", "files"}

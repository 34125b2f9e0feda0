"""Who reads the dashboards of a panel: roles of the database, each with its rows."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import make_url

from benchmarks.builds.plan import LEADS, SITES_OF_A_LEAD
from benchmarks.panels.shape import Panel
from ingestion.registry.entries import Site
from warehouse.access import applying
from warehouse.access.entries import Access
from warehouse.access.passwords import variable_of
from warehouse.access.registry import AccessRegistry
from warehouse.dbt_surroundings import settings

EVERYBODY = "analyst"


@dataclass(frozen=True, slots=True)
class Reader:
    """A role that was made.

    Attributes:
        name: The role's.
        url: The warehouse as it logs in there.
    """

    name: str
    url: str = field(repr=False)


def make_readers(url: str, panel: Panel, likes: dict[str, Site]) -> list[Reader]:
    """Apply access for one who reads all sites, the first, and for leads of a few.

    Args:
        url: The built warehouse, as its superuser.
        panel: What it was built on.
        likes: The pilot's site that those of a country are like, by the prefix.
    """
    countries = {site.code: site.like.country for site in panel.sites(likes)}
    readers = readers_of(sorted(countries))
    password = secrets.token_urlsafe()
    with settings({variable_of(name): password for name in readers}):
        applying.apply(url, AccessRegistry(countries, {}, readers))
    return [Reader(name, _as(name, password, url)) for name in readers]


def readers_of(site_codes: Sequence[str]) -> Mapping[str, Access]:
    """Return who reads what, by the names of their roles."""
    leads = {}
    for lead in range(LEADS):
        first = lead * SITES_OF_A_LEAD
        sites = {
            site_codes[(first + place) % len(site_codes)]
            for place in range(SITES_OF_A_LEAD)
        }
        leads[f"lead_number_{lead + 1}"] = Access(sites=sorted(sites))
    return {EVERYBODY: Access(sites="all"), **leads}


def _as(name: str, password: str, url: str) -> str:
    address = make_url(url).set(username=name, password=password)
    return address.render_as_string(hide_password=False)

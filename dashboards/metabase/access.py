"""Who reads what in Metabase: the entries of the registry's `access:` for it.

An entry `metabase_<x>` is a role of the warehouse. It becomes one connection, one group
and one collection, so what a reader sees is decided by the rows her role may read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboards.errors import MetabaseSettingError
from dashboards.languages import COMPLETE, page_languages
from dashboards.registry import Entry, Site, read_registry, registry_path
from pages import Language

ROLE = re.compile(r"metabase_[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Reader:
    """One entry: a role, and what may be seen through it.

    Attributes:
        role: Of the warehouse; also the name of Metabase's group.
        site_names: The sites whose rows it may read, by name.
        country_codes: Their countries.
        languages: Of its collections.
    """

    role: str
    site_names: tuple[str, ...]
    country_codes: tuple[str, ...]
    languages: tuple[Language, ...] = COMPLETE

    @property
    def title(self) -> str:
        """Return what its collection is called, such as `New York`."""
        return self.role.removeprefix("metabase_").replace("_", " ").title()


def load_readers(path: Path | None = None) -> tuple[Reader, ...]:
    """Return the readers, in the registry's order.

    Args:
        path: The registry. None takes `JOURNAL_SITES`, or `ingestion/sites.yml`.

    Raises:
        MetabaseSettingError: No entry is for Metabase.
        SpecError: The registry cannot be read.
    """
    written = read_registry(path)
    readers = tuple(
        _reader(role, entry, written.sites)
        for role, entry in written.access.items()
        if ROLE.fullmatch(role)
    )
    if not readers:
        raise MetabaseSettingError(
            f"{registry_path(path)} lets nobody read through Metabase: add an entry "
            "such as `metabase_programme: {sites: all}` under access."
        )
    return readers


def _reader(role: str, entry: Entry, sites: Mapping[str, Site]) -> Reader:
    codes = list(sites) if entry.sites == "all" else entry.sites or []
    seen = [sites[code] for code in codes if code in sites]
    return Reader(
        role,
        tuple(sorted({site.name for site in seen})),
        tuple(sorted({site.country for site in seen})),
        page_languages(code for site in seen for code in site.languages),
    )

"""What of the registry decides who reads dashboards: its sites and its `access:`.

Only that is looked at; the rest is the loader's to check.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, TypeAdapter

from dashboards.spec_file import YamlFile

VARIABLE = "JOURNAL_SITES"
DEFAULT_PATH = Path(__file__).parents[1] / "ingestion" / "sites.yml"


class Site(BaseModel):
    """A site: what it is called, where it is, what languages it works in."""

    name: str
    country: str
    languages: list[str] = Field(default_factory=list)


class Entry(BaseModel):
    """An entry of `access:`: the sites whose rows its role reads."""

    sites: Literal["all"] | list[str] | None = None


class Registry(BaseModel):
    """Sites by code, and entries by the names of their roles."""

    sites: dict[str, Site] = Field(default_factory=dict)
    access: dict[str, Entry] = Field(default_factory=dict)

    @property
    def lead_roles(self) -> tuple[str, ...]:
        """The roles of leads, who have a static site each, in the registry's order."""
        return tuple(role for role in self.access if role.startswith("lead_"))


def registry_path(path: Path | None = None) -> Path:
    """Return where the registry is: as given, `JOURNAL_SITES`, or the one of ours."""
    return path or Path(os.environ.get(VARIABLE) or DEFAULT_PATH)


def read_registry(path: Path | None = None) -> Registry:
    """Return the registry's sites and entries.

    Raises:
        SpecError: It cannot be read.
    """
    return YamlFile(registry_path(path)).parse(TypeAdapter(Registry))

"""The registry as far as access is concerned: sites, cohorts and who reads them.

The registry as a whole is read by `ingestion`, which names the line of a wrong entry.
Who takes away somebody's access should not have to land the forms first, so this reads
the file itself, and as strictly what it is about.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, Field, ValidationError

from warehouse.access.entries import Access, RoleName
from warehouse.errors import AccessError

VARIABLE = "JOURNAL_SITES"
DEFAULT_PATH = Path(__file__).parents[2] / "ingestion" / "sites.yml"


class _Site(BaseModel):
    country: str


class _Cohort(BaseModel):
    sites: list[str]


class _FormMedia(BaseModel):
    names: bool = False


class _Form(BaseModel):
    media: _FormMedia | None = None


class _File(BaseModel):
    sites: dict[str, _Site]
    cohorts: dict[str, _Cohort]
    forms: list[_Form] = Field(default_factory=list)
    access: dict[RoleName, Access] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccessRegistry:
    """Who may read what.

    Attributes:
        countries: The country of each site, by their codes.
        cohorts: The sites of each cohort.
        readers: Each reader's entry, by the name of the role.
        lists_names: Whether any form's lists show names of people.
    """

    countries: Mapping[str, str]
    cohorts: Mapping[str, tuple[str, ...]]
    readers: Mapping[str, Access]
    lists_names: bool = False

    @property
    def people(self) -> Mapping[str, frozenset[str]]:
        """Return the roles that each person's login has."""
        logins = {login for access in self.readers.values() for login in access.people}
        return {
            login: frozenset(
                name for name, access in self.readers.items() if login in access.people
            )
            for login in sorted(logins)
        }


def load_access(path: Path | None = None) -> AccessRegistry:
    """Return what the registry says of access.

    Args:
        path: The file. None takes `JOURNAL_SITES`, or `ingestion/sites.yml`.

    Raises:
        AccessError: The file cannot be read, or an entry of `access:` is wrong.
    """
    path = path or Path(os.environ.get(VARIABLE) or DEFAULT_PATH)
    try:
        written = _File.model_validate(yaml.safe_load(path.read_text()))
    except OSError as error:
        raise AccessError(
            f"{path} cannot be read ({error.strerror}): put the registry there."
        ) from error
    except yaml.YAMLError as error:
        raise AccessError(
            f"{path} is not YAML: `python -m ingestion check` names the line."
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise AccessError(f"{path}: {place} is wrong: {reason}.") from error
    _check(path, written)
    return AccessRegistry(
        {code: site.country for code, site in written.sites.items()},
        {code: tuple(cohort.sites) for code, cohort in written.cohorts.items()},
        written.access,
        any(form.media and form.media.names for form in written.forms),
    )


def _check(path: Path, written: _File) -> None:
    for name, access in written.access.items():
        if misfit := access.misfit(name):
            raise AccessError(f"{path}: access.{name} {misfit}.")
        unknown = set(access.site_codes) - written.sites.keys()
        if unknown:
            raise AccessError(
                f"{path}: access.{name} names no site: {', '.join(sorted(unknown))}."
            )

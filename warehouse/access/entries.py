"""What the registry may say of a reader: the shape of an entry of `access:`."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from warehouse.access.kinds import WORKERS

# A role's kind stands at the front of its name.
ReaderKind = Literal["analyst", "lead", "liaison", "metabase"]
ROLE_NAME = re.compile(r"analyst|(?:lead|liaison|metabase)_[a-z][a-z0-9_]{0,40}")
# Of the product's own roles, so that no person's login is mistaken for one.
TAKEN = re.compile(rf"{'|'.join(WORKERS)}|postgres|pg_.*|reads_.*|{ROLE_NAME.pattern}")

Name = Annotated[str, Field(min_length=1)]
RoleName = Annotated[str, Field(pattern=f"^(?:{ROLE_NAME.pattern})$")]
Login = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,50}$")]
# Codes stand in SQL as values only, but a code with a blank is a typing error.
GroupCode = Annotated[str, Field(pattern=r"^\S+$")]


class Access(BaseModel):
    """What a role may read, and which people's logins have it.

    Attributes:
        sites: Whose rows; `all` is every site there is and will be. Liaisons have none.
        groups: Whose peer groups' rows. Liaisons only.
        totals: Whether a role of `share` also reads totals of cohorts, countries and
            the programme that families of other sites are in.
        people: Logins of persons that have the role. One who has several reads what
            they allow together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sites: Literal["all"] | Annotated[list[Name], Field(min_length=1)] | None = None
    groups: Annotated[list[GroupCode], Field(min_length=1)] | None = None
    totals: bool = False
    people: list[Login] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_sites_or_groups(self) -> "Access":
        if (self.sites is None) == (self.groups is None):
            raise ValueError("give either sites or, of a liaison, groups")
        if taken := [name for name in self.people if TAKEN.fullmatch(name)]:
            raise ValueError(f"{taken[0]} is the name of a role, not of a person")
        return self

    @property
    def site_codes(self) -> tuple[str, ...]:
        """Return the sites by name; none where it is all of them, or groups."""
        return tuple(self.sites) if isinstance(self.sites, list) else ()

    def misfit(self, role_name: str) -> str | None:
        """Return what does not go together with the kind of role, if anything."""
        is_liaison = kind_of(role_name) == "liaison"
        if is_liaison and self.groups is None:
            return "is a liaison, who reads groups: give groups instead of sites"
        if not is_liaison and self.groups is not None:
            return "reads sites: only a liaison has groups"
        if self.totals and kind_of(role_name) not in {"lead", "metabase"}:
            return "has no use for totals: they are of share, for leads and Metabase"
        return None


def kind_of(role_name: str) -> ReaderKind:
    """Return a role's kind, the first word of its name."""
    kind: ReaderKind = role_name.partition("_")[0]  # type: ignore[assignment]  # RoleName allows no other
    return kind

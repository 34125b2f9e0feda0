"""Which forms a command is about."""

from typing import Annotated

import typer

from ingestion.errors import RegistryError
from ingestion.landing import find_form
from ingestion.registry import Form, Registry

FormsOption = Annotated[
    list[str] | None,
    typer.Option("--form", help="Only this form (its name or role); repeatable."),
]
SiteOption = Annotated[
    str | None, typer.Option("--site", help="Only forms used at this site.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object per line, for programs.")
]


def chosen_forms(
    registry: Registry, names: list[str] | None, site: str | None = None
) -> list[Form]:
    """Return the forms of these names at this site; of either all when None.

    Raises:
        RegistryError: There is no such form or site.
    """
    if site is not None and site not in registry.sites:
        raise RegistryError(
            f"{registry.path} has no site {site!r}: it has {', '.join(registry.sites)}."
        )
    forms = [find_form(name, registry) for name in names or []] or list(registry.forms)
    # The same form may be given by its name and by its role.
    unique = dict.fromkeys(form.name for form in forms)
    by_name = {form.name: form for form in forms}
    return [
        by_name[name]
        for name in unique
        if site is None or site in by_name[name].site_codes
    ]

"""The registry: servers, sites, cohorts and forms, checked before anything runs."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingestion.answers.field_maps import FieldMap, load_field_map
from ingestion.config_file import ConfigFile
from ingestion.errors import RegistryError
from ingestion.registry.entries import (
    ROLES,
    Alerts,
    AlertsOfFile,
    AttachmentRules,
    Cohort,
    FilesServer,
    FormMediaRules,
    KoboServer,
    OdkServer,
    RegistryFile,
    Server,
    Sharing,
    Site,
)
from warehouse.access.entries import Access

VARIABLE = "JOURNAL_SITES"
DEFAULT_PATH = Path(__file__).parents[1] / "sites.yml"


@dataclass(frozen=True, slots=True)
class Form:
    """A registered form with everything that landing it needs.

    Attributes:
        name: What people and Airflow call it: its role unless the registry names it.
        role: What the form is about.
        form_id: Which form it is, in every table of the warehouse.
        source_key: What its server calls it: a project's uid, an `xmlFormId`, or a
            file's name.
        server_name: The server's name in the registry.
        server: How to reach it.
        site_codes: Where it is used.
        deletion_limit_share: Above this share of live rows a person must approve.
        field_map: From the form's questions to the warehouse's names.
        attachments: Which of its files are fetched; None for none of them.
        sheet: Of a workbook: the sheet to read. None takes the only one visible.
        media: Which lists the form reads; None for none that we keep.
    """

    name: str
    role: str
    form_id: str
    source_key: str
    server_name: str
    server: KoboServer | OdkServer | FilesServer
    site_codes: tuple[str, ...]
    deletion_limit_share: float
    field_map: FieldMap
    attachments: AttachmentRules | None = None
    sheet: str | None = None
    media: FormMediaRules | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """The whole registry, every reference in it resolved."""

    path: Path
    sites: Mapping[str, Site]
    cohorts: Mapping[str, Cohort]
    forms: tuple[Form, ...]
    access: Mapping[str, Access]
    servers: Mapping[str, Server] = field(default_factory=dict)
    sharing: Sharing = field(default_factory=Sharing)
    alerts: Alerts = field(default_factory=Alerts)

    def form(self, name: str) -> Form | None:
        """Return the form of this name, or the only one of this role, or None."""
        named = [form for form in self.forms if form.name == name]
        of_role = [form for form in self.forms if form.role == name]
        found = named or of_role
        return found[0] if len(found) == 1 else None


def registry_path() -> Path:
    """Return where the registry is."""
    return Path(os.environ.get(VARIABLE) or DEFAULT_PATH)


def load_registry(path: Path | None = None) -> Registry:
    """Return the registry, checked as a whole.

    Args:
        path: The file. None takes `JOURNAL_SITES`, or `ingestion/sites.yml`.

    Raises:
        RegistryError: An entry is wrong; the message names file, line and reason.
    """
    file = ConfigFile(path or registry_path())
    written = file.parse(RegistryFile)
    _check_references(file, written)
    forms = tuple(
        _resolve_form(file, written, index) for index in range(len(written.forms))
    )
    _check_unique(file, "name", [form.name for form in forms])
    _check_unique(file, "form", [form.form_id for form in forms])
    return Registry(
        file.path,
        written.sites,
        written.cohorts,
        forms,
        written.access,
        written.servers,
        written.sharing,
        written.alerts,
    )


def load_alerts(path: Path | None = None) -> Alerts:
    """Return who hears of alerts, also where another part of the registry is wrong.

    Args:
        path: As of `load_registry`.

    Raises:
        RegistryError: The file is no YAML, or `alerts` is wrong itself.
    """
    return ConfigFile(path or registry_path()).parse(AlertsOfFile).alerts


def unregistered_form(
    registry: Registry, form_key: str, server_name: str, role: str
) -> Form:
    """Return a form as it would be registered, with the product's own map of its role.

    Args:
        registry: Knows the server.
        form_key: What the registry's `form` would name it by.
        server_name: One of the registry's servers.
        role: What it is about.

    Raises:
        RegistryError: There is no such server, or no such role on servers of its kind.
    """
    server = registry.servers.get(server_name)
    if server is None:
        raise RegistryError(
            f"{registry.path} has no server {server_name!r}: it has "
            f"{', '.join(registry.servers)}."
        )
    if role not in ROLES[server.kind]:
        raise RegistryError(
            f"No form of role {role!r} comes from a server of kind {server.kind}: the "
            f"roles are {', '.join(ROLES[server.kind])}."
        )
    return Form(
        name=form_key,
        role=role,
        form_id=_form_id(server_name, form_key, server),
        source_key=form_key,
        server_name=server_name,
        server=server,
        site_codes=(),
        deletion_limit_share=0,
        field_map=load_field_map(DEFAULT_PATH.parent / "maps" / f"{role}.yml"),
    )


def _check_references(file: ConfigFile, written: RegistryFile) -> None:
    for code, cohort in written.cohorts.items():
        _check_sites(file, written, ("cohorts", code), cohort.sites)
        _check_months(file, code, cohort)
    for login, access in written.access.items():
        _check_sites(file, written, ("access", login), access.site_codes)
        if misfit := access.misfit(login):
            raise file.error(("access", login), misfit)
    for name, receiver in written.alerts.receivers.items():
        place = ("alerts", "receivers", name)
        _check_sites(file, written, place, receiver.sites or ())
    for index in range(len(written.forms)):
        _check_form(file, written, index)
    _check_lists_of_sites(file, written)


def _check_form(file: ConfigFile, written: RegistryFile, index: int) -> None:
    form = written.forms[index]
    _check_sites(file, written, ("forms", index), form.sites)
    server = written.servers.get(form.server)
    if server is None:
        raise file.error(
            ("forms", index, "server"), f"names no server: {form.server!r}"
        )
    if form.role not in ROLES[server.kind]:
        raise file.error(
            ("forms", index, "role"),
            f"cannot come from a server of kind {server.kind}: {form.role!r}",
        )
    for what in ("attachments", "media"):
        if getattr(form, what) and server.kind == "files":
            raise file.error(
                ("forms", index, what),
                "cannot be had: a folder of CSV files has none, so remove the entry",
            )


def _check_lists_of_sites(file: ConfigFile, written: RegistryFile) -> None:
    """Refuse names beside incomes on one phone, whichever forms they come with."""
    named = {
        site: form.name or form.role
        for form in written.forms
        if form.media and form.media.names
        for site in form.sites
    }
    for index, form in enumerate(written.forms):
        both = sorted(named.keys() & set(form.sites))
        if both and form.media and "last_month" in form.media.files:
            raise file.error(
                ("forms", index, "media"),
                f"has the list last_month, and form {named[both[0]]!r} of the same "
                f"site {both[0]} shows names: on one phone they would tell what each "
                "family earned, so leave one of them out",
            )


def _check_sites(
    file: ConfigFile,
    written: RegistryFile,
    place: tuple[str | int, ...],
    codes: Iterable[str],
) -> None:
    for index, code in enumerate(codes):
        if code not in written.sites:
            raise file.error((*place, "sites", index), f"names no site: {code!r}")


def _check_months(file: ConfigFile, code: str, cohort: Cohort) -> None:
    months: list[tuple[str, Any]] = [
        ("recruited", cohort.recruited[0]),
        ("recruited", cohort.recruited[1]),
        ("launch_month", cohort.launch_month),
        ("analysis_end_month", cohort.analysis_end_month),
        ("extension_end_month", cohort.extension_end_month),
    ]
    known = [(name, month) for name, month in months if month is not None]
    for (_, earlier), (name, later) in pairwise(known):
        if later < earlier:
            raise file.error(
                ("cohorts", code, name), "is earlier than the month before it"
            )


def _resolve_form(file: ConfigFile, written: RegistryFile, index: int) -> Form:
    entry = written.forms[index]
    map_path = file.path.parent / entry.field_map
    if not map_path.exists():
        # A registry elsewhere may use the maps that come with the product.
        map_path = DEFAULT_PATH.parent / entry.field_map
    if not map_path.exists():
        raise file.error(
            ("forms", index, "field_map"), f"names no file: {entry.field_map!r}"
        )
    field_map = load_field_map(map_path)
    if field_map.role != entry.role:
        raise file.error(
            ("forms", index, "field_map"),
            f"is the map of role {field_map.role!r}, not of {entry.role!r}",
        )
    server = written.servers[entry.server]
    if isinstance(server, FilesServer):
        _check_table(file, index, field_map)
    elif entry.sheet is not None:
        raise file.error(
            ("forms", index, "sheet"),
            f"names the sheet of a file, and {entry.server!r} is no folder of files",
        )
    return Form(
        name=entry.name or entry.role,
        role=entry.role,
        form_id=_form_id(entry.server, entry.form, server),
        source_key=entry.form,
        server_name=entry.server,
        server=server,
        site_codes=tuple(entry.sites),
        deletion_limit_share=entry.deletion_limit_share,
        field_map=field_map,
        attachments=entry.attachments,
        sheet=entry.sheet,
        media=entry.media,
    )


def _form_id(
    server_name: str, form_key: str, server: KoboServer | OdkServer | FilesServer
) -> str:
    """Return the form's identity: an `xmlFormId` is unique in its project only."""
    return f"{server_name}/{form_key}" if server.kind == "odk" else form_key


def _check_table(file: ConfigFile, index: int, field_map: FieldMap) -> None:
    """Refuse a map of repeats for a table."""
    if repeats := field_map.repeats():
        raise file.error(
            ("forms", index, "field_map"),
            "has items, which no table of rows can hold: give the form a map of its "
            f"own without {', '.join(repeats)}",
        )


def _check_unique(file: ConfigFile, key: str, values: list[str]) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise file.error(
                ("forms", index),
                f"repeats the {key} {value!r}; give every form its own {key}",
            )

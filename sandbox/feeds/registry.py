"""The registry of a programme that keeps some of its sites on ODK Central."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from sandbox.machine.home import REPOSITORY

CENTRAL = "central"  # names the server and its connection
PILOT = REPOSITORY / "ingestion" / "sites.yml"


def write_registry(
    path: Path, central_sites: Collection[str], base: Path = PILOT
) -> Path:
    """Write the registry `base` with the forms of some sites on ODK Central.

    A form of sites on either server is written twice, the one on Central under the
    name of its role and the server's, such as `journal_central`.

    Args:
        path: Where to write it.
        central_sites: Site codes. The forms of all other sites stay where they are.
        base: A registry whose forms are on KoboToolbox or in files.
    """
    registry = yaml.safe_load(base.read_text())
    servers = registry["servers"]
    forms = [
        {**part, "field_map": str(base.parent / form["field_map"])}
        for form in registry["forms"]
        for part in (
            [form]
            if servers[form["server"]]["kind"] == "files"
            else _parted(form, central_sites)
        )
    ]
    central = {"kind": "odk", "connection": CENTRAL, "project": 1}
    written = {**registry, "servers": {**servers, CENTRAL: central}, "forms": forms}
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False))
    return path


def _parted(
    form: dict[str, Any], central_sites: Collection[str]
) -> list[dict[str, Any]]:
    """Return the form as it is on each server that has sites of it."""
    here = [site for site in form["sites"] if site not in central_sites]
    there = [site for site in form["sites"] if site in central_sites]
    on_central = {**form, "server": CENTRAL, "name": f"{form['role']}_{CENTRAL}"}
    return [
        {**one, "sites": sites}
        for one, sites in ((form, here), (on_central, there))
        if sites
    ]

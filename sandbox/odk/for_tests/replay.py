"""Forms made of recorded exchanges of a real server, for the stand-in to serve again.

The recordings lie outside this repository and tests skip without them. Most
submissions were recorded as OData rows alone: their XML is made of these, so numbers
have lost what JavaScript took from them. What no recording holds is made up: the first
versions of two edited submissions, and the definitions of the lesser forms.

Set the clock to `ASKED`, or to one of the moments in `replay_lesser`.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from sandbox.odk.access.accounts import Account
from sandbox.odk.for_tests.recordings import (
    ADMIN,
    NEVER,
    VIEWER,
    at,
    body_of,
    recorded,
    text_of,
)
from sandbox.odk.for_tests.replay_lesser import drift, empty, encrypted
from sandbox.odk.stored.model import CentralForm, Definition, Happening, Instance
from sandbox.odk.xforms.fields import Field
from sandbox.odk.xforms.instances import answers_in


def replay_forms(folder: Path) -> tuple[CentralForm, ...]:
    """Return the journal, the drifting form, an encrypted, a closed, a deleted one, ...

    Args:
        folder: Where the recordings are, one JSON file each.
    """
    return (
        _journal(folder),
        drift(folder),
        encrypted(folder),
        empty("old_journal", "Old journal (closed)", at("50:06.160")),
        empty("deleted_form", "Deleted form", at("50:06.223")),
        empty("draft_only", "Draft only", NEVER),
    )


def replay_accounts(password: str) -> tuple[Account, ...]:
    """Return the accounts of the recordings, all with one password."""
    return (
        Account("admin", ADMIN, password, "admin"),
        Account("viewer", VIEWER, password, "viewer"),
    )


def recorded_files(folder: Path) -> dict[tuple[str, str], bytes]:
    """Return the bytes of the files that were downloaded, by root id and name."""
    found = {}
    for name in ("08_attachment_download", "08_attachment_download_unicode"):
        exchange = recorded(folder, name)
        root_id = exchange["request"]["url"].split("/")[-3]
        listed = "08_attachments_unicode" if "unicode" in name else "08_attachments"
        (file,) = body_of(folder, listed)
        content = base64.b64decode(exchange["response"]["body_base64"])
        found[root_id, file["name"]] = content
    return found


@dataclass
class _Journal:
    """What the recordings tell of the journal.

    Attributes:
        folder: Where they are.
        ids: Root ids by the number that the scenario gave them.
    """

    folder: Path
    ids: Mapping[str, str]
    definitions: tuple[Definition, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.definitions = (
            Definition(
                "2026010101",
                at("49:35.173"),
                text_of(self.folder, "02_form_xml_v1").encode(),
            ),
            Definition(
                "2026060101",
                at("49:49.763"),
                text_of(self.folder, "02_form_xml").encode(),
            ),
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return every submission as it was at the end, the one in the trash too."""
        found = [*body_of(self.folder, "03_expand_all")["value"]]
        for name in ("05_incremental_page1", "05_incremental_page2"):
            rows = body_of(self.folder, name)["value"]
            found += [row for row in rows if row["__system"]["deletedAt"]]
        return found

    def instance(self, row: Mapping[str, Any]) -> Instance:
        """Return the version of a submission that a row shows."""
        schema = self.definitions[-1].schema
        answers = dict(_answers(schema.roots, row))
        system = row["__system"]
        is_edited = answers["meta/instanceID"] != row["__id"]
        return Instance(
            answers["meta/instanceID"],
            system["formVersion"],
            answers,
            system["deviceId"],
            row["__id"] if is_edited else None,
        )

    def sent(self, name: str, version: str, device_id: str | None) -> Instance:
        """Return the instance whose XML was recorded."""
        text = text_of(self.folder, name)
        repeats = self.definitions[-1].schema.repeat_paths
        answers = answers_in(ET.fromstring(text), repeats)  # noqa: S314 - recorded
        return Instance(
            answers["meta/instanceID"],
            version,
            answers,
            device_id,
            answers.get("meta/deprecatedID"),
            text.encode(),
        )


def _journal(folder: Path) -> CentralForm:
    told = recorded(folder, "00_seed_phases")
    journal = _Journal(folder, told["ids"])
    rows = journal.rows()
    happenings = [one for row in rows for one in _life(journal, row)]
    happenings += _known_elsewhere(journal)
    happenings.sort(key=lambda one: one.at)
    return CentralForm(
        "family_journal",
        "Family monthly journal",
        journal.definitions,
        tuple(happenings),
    )


def _life(journal: _Journal, row: Mapping[str, Any]) -> Iterator[Happening]:
    system, root_id = row["__system"], row["__id"]
    last = journal.instance(row)
    first = _as_first_sent(journal, root_id, last) if last.deprecated_id else last
    photo = last.answers.get("wellbeing/photo")
    files = (photo,) if photo and root_id != journal.ids["14"] else ()
    moments = {
        name: datetime.fromisoformat(system[name])
        for name in ("submissionDate", "updatedAt", "deletedAt")
        if system[name]
    }
    by = system["submitterName"]
    sent_at = moments["submissionDate"]
    yield Happening(sent_at, "add", root_id, first, by=by, files=files)
    if "updatedAt" in moments:
        moment, review = moments["updatedAt"], system["reviewState"]
        if last is first:
            yield Happening(moment, "review", root_id, review=review, by=ADMIN)
        else:
            edited = _as_edited(journal, root_id, last)
            yield Happening(moment, "edit", root_id, edited, by=ADMIN)
    if "deletedAt" in moments:
        yield Happening(moments["deletedAt"], "delete", root_id, by=ADMIN)


def _as_first_sent(journal: _Journal, root_id: str, last: Instance) -> Instance:
    if root_id == journal.ids["4"]:
        name = "07_version_xml_original"
        return journal.sent(name, last.version, last.device_id)
    answers = {**last.answers, "meta/instanceID": root_id}
    return Instance(root_id, last.version, answers, last.device_id)


def _as_edited(journal: _Journal, root_id: str, last: Instance) -> Instance:
    if root_id == journal.ids["4"]:
        return journal.sent("07_submission_xml", last.version, last.device_id)
    if root_id == journal.ids["16"]:  # by the second version of the form
        newest = journal.definitions[-1].version
        return Instance(last.instance_id, newest, last.answers, last.device_id, root_id)
    return last


def _known_elsewhere(journal: _Journal) -> Iterator[Happening]:
    """Yield what only the audit log tells: nothing of it moved a timestamp."""
    ids = journal.ids
    photo = ("photo14.png",)
    yield Happening(at("49:56.931"), "attach", ids["14"], by=ADMIN, files=photo)
    yield Happening(at("49:59.165"), "delete", ids["21"], by=ADMIN)
    yield Happening(at("50:01.384"), "restore", ids["21"], by=ADMIN)
    gone = Instance(ids["purged"], "2026060101", {"meta/instanceID": ids["purged"]})
    yield Happening(at("50:03.603"), "add", ids["purged"], gone, by=ADMIN)
    yield Happening(at("50:03.929"), "delete", ids["purged"], by=ADMIN)
    yield Happening(at("50:16.669"), "purge", ids["purged"])


def _answers(
    fields: Sequence[Field], row: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Yield the answers that a row shows, as text by path."""
    for one in fields:
        shown = row.get(one.shown_name)
        if shown is None:
            continue
        if one.kind == "structure":
            yield from _answers(one.children, shown)
        elif one.kind == "repeat":
            yield one.path, [dict(_answers(one.children, item)) for item in shown]
        elif one.kind == "geopoint":
            yield one.path, _place(shown)
        else:
            yield one.path, str(shown)


def _place(shown: Mapping[str, Any]) -> str:
    longitude, latitude, *altitude = shown["coordinates"]
    accuracy = list(shown.get("properties", {}).values())
    return " ".join(map(str, [latitude, longitude, *altitude, *accuracy]))

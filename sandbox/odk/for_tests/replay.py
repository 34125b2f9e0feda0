"""Forms made of recorded exchanges of a real server, for the stand-in to serve again.

The recordings lie outside this repository and tests skip without them. Most
submissions were recorded as OData rows alone: their XML is made of these, so numbers
have lost what JavaScript took from them. What no recording holds is made up: the first
versions of two edited submissions, and the definitions of the lesser forms.

Set the clock to one of the moments below.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from sandbox.odk.access.accounts import Account
from sandbox.odk.stored.model import CentralForm, Definition, Happening, Instance
from sandbox.odk.xforms.definitions import xform_xml
from sandbox.odk.xforms.fields import Field
from sandbox.odk.xforms.instances import answers_in

DOMAIN = "http://127.0.0.1:18383"
ADMIN = "admin@example.org"
VIEWER = "warehouse@example.org"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-23T17:{text}+00:00").astimezone(UTC)


ASKED = _at("50:20")  # nearly everything was asked when all had happened
NEVER = datetime(2100, 1, 1, tzinfo=UTC)

# Moments in the life of the form whose definition drifts.
DRIFT_SENT = _at("50:25.400")
DRIFT_PHOTO_CAME = _at("50:25.600")
DRIFT_SECOND_VERSION = _at("50:25.800")
DRIFT_FIELD_DROPPED = _at("50:26.500")
DRIFT_OVERTAKEN = _at("50:28.000")
DRIFT_ALL_VISIBLE = _at("50:29.000")


def replay_forms(folder: Path) -> tuple[CentralForm, ...]:
    """Return the journal, the drifting form, an encrypted, a closed, a deleted one, ...

    Args:
        folder: Where the recordings are, one JSON file each.
    """
    return (
        _journal(folder),
        _drift(folder),
        _encrypted(folder),
        _empty("old_journal", "Old journal (closed)", _at("50:06.160")),
        _empty("deleted_form", "Deleted form", _at("50:06.223")),
        _empty("draft_only", "Draft only", NEVER),
    )


def replay_accounts(password: str) -> tuple[Account, ...]:
    """Return the accounts of the recordings, all with one password."""
    return (
        Account("admin", ADMIN, password, "admin"),
        Account("viewer", VIEWER, password, "viewer"),
    )


def recorded(folder: Path, name: str) -> dict[str, Any]:
    """Return one recorded exchange."""
    exchange: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
    return exchange


def recorded_files(folder: Path) -> dict[tuple[str, str], bytes]:
    """Return the bytes of the files that were downloaded, by root id and name."""
    found = {}
    for name in ("08_attachment_download", "08_attachment_download_unicode"):
        exchange = recorded(folder, name)
        root_id = exchange["request"]["url"].split("/")[-3]
        listed = "08_attachments_unicode" if "unicode" in name else "08_attachments"
        (file,) = _body(folder, listed)
        content = base64.b64decode(exchange["response"]["body_base64"])
        found[root_id, file["name"]] = content
    return found


def _body(folder: Path, name: str) -> Any:  # noqa: ANN401 - JSON
    return recorded(folder, name)["response"]["body"]


def _text(folder: Path, name: str) -> str:
    text: str = recorded(folder, name)["response"]["body_text"]
    return text


@dataclass
class _Journal:
    """What the recordings tell of the journal.

    Attributes:
        folder: Where they are.
        ids: Root ids by the number that the scenario gave them.
        edits: Instance ids of the edits, by the same number.
    """

    folder: Path
    ids: Mapping[str, str]
    edits: Mapping[str, str]
    definitions: tuple[Definition, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.definitions = (
            Definition(
                "2026010101",
                _at("49:35.173"),
                _text(self.folder, "02_form_xml_v1").encode(),
            ),
            Definition(
                "2026060101",
                _at("49:49.763"),
                _text(self.folder, "02_form_xml").encode(),
            ),
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return every submission as it was at the end, the one in the trash too."""
        found = [*_body(self.folder, "03_expand_all")["value"]]
        for name in ("05_incremental_page1", "05_incremental_page2"):
            rows = _body(self.folder, name)["value"]
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
        text = _text(self.folder, name)
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
    journal = _Journal(folder, told["ids"], told["edits"])
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
    created_at = datetime.fromisoformat(system["submissionDate"])
    last = journal.instance(row)
    first = last
    if last.deprecated_id:
        first = _as_first_sent(journal, root_id, last)
    photo = last.answers.get("wellbeing/photo")
    files = (photo,) if photo and root_id != journal.ids["14"] else ()
    by = system["submitterName"]
    yield Happening(created_at, "add", root_id, first, by=by, files=files)
    if system["updatedAt"] is None:
        pass
    elif last is not first:
        at = datetime.fromisoformat(system["updatedAt"])
        yield Happening(
            at, "edit", root_id, _as_edited(journal, root_id, last), by=ADMIN
        )
    else:
        at = datetime.fromisoformat(system["updatedAt"])
        review = system["reviewState"]
        yield Happening(at, "review", root_id, review=review, by=ADMIN)
    if system["deletedAt"]:
        at = datetime.fromisoformat(system["deletedAt"])
        yield Happening(at, "delete", root_id, by=ADMIN)


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
    yield Happening(_at("49:56.931"), "attach", ids["14"], by=ADMIN, files=photo)
    yield Happening(_at("49:59.165"), "delete", ids["21"], by=ADMIN)
    yield Happening(_at("50:01.384"), "restore", ids["21"], by=ADMIN)
    gone = Instance(ids["purged"], "2026060101", {"meta/instanceID": ids["purged"]})
    yield Happening(_at("50:03.603"), "add", ids["purged"], gone, by=ADMIN)
    yield Happening(_at("50:03.929"), "delete", ids["purged"], by=ADMIN)
    yield Happening(_at("50:16.669"), "purge", ids["purged"])


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


def _drift(folder: Path) -> CentralForm:
    asked = {"a": "text", "n": "integer", "bad-name.x": "text", "photo": "image"}
    extra = {**asked, "extra": "text"}
    dropped = {name: kind for name, kind in extra.items() if name != "n"}
    published = (
        ("1", _at("50:25.000"), asked),
        ("2", _at("50:25.700"), extra),
        ("3", _at("50:26.000"), dropped),
    )
    definitions = tuple(
        Definition(
            version, at, xform_xml("drift", "Drift", version, _content(questions))
        )
        for version, at, questions in published
    )
    xml = _text(folder, "13_drift_removed_field_xml")
    answers = answers_in(ET.fromstring(xml), ())  # noqa: S314 - recorded
    first = answers["meta/instanceID"]
    sent = Instance(first, "1", answers, sent_xml=xml.encode())
    slow = "uuid:33333333-3333-4333-8333-333333333333"
    fast = "uuid:44444444-4444-4444-8444-444444444444"
    happenings = (
        Happening(_at("50:25.303"), "add", first, sent, by=ADMIN),
        Happening(_at("50:25.500"), "attach", first, by=ADMIN, files=("p.png",)),
        Happening(
            _at("50:26.945"),
            "add",
            slow,
            Instance(slow, "3", {"a": "slow upload", "meta/instanceID": slow}),
            by=ADMIN,
            visible_at=_at("50:28.500"),
        ),
        Happening(
            _at("50:27.987"),
            "add",
            fast,
            Instance(fast, "3", {"a": "fast", "meta/instanceID": fast}),
            by=ADMIN,
        ),
    )
    return CentralForm("drift", "Drift", definitions, happenings)


def _encrypted(folder: Path) -> CentralForm:
    (row,) = _body(folder, "11_encrypted_odata")["value"]
    version, _, key_name = row["__system"]["formVersion"].partition("[encrypted:")
    xml = xform_xml("enc_form", "Encrypted form", version, _content({"note": "text"}))
    sent = Instance(row["__id"], version, {"meta/instanceID": row["__id"]})
    at = datetime.fromisoformat(row["__system"]["submissionDate"])
    files = ("submission.xml.enc",)
    return CentralForm(
        "enc_form",
        "Encrypted form",
        (Definition(version, _at("50:12.775"), xml),),
        (Happening(at, "add", row["__id"], sent, by=ADMIN, files=files),),
        key_name.removesuffix("]"),
    )


def _empty(form_id: str, name: str, published_at: datetime) -> CentralForm:
    xml = xform_xml(form_id, name, "1", _content({"note": "text"}))
    return CentralForm(form_id, name, (Definition("1", published_at, xml),), ())


def _content(questions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "survey": [{"type": kind, "name": name} for name, kind in questions.items()]
    }

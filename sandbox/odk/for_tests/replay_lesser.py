"""The recorded forms that only an experiment or two was made with."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from sandbox.odk.for_tests.recordings import ADMIN, at, body_of, text_of
from sandbox.odk.stored.model import CentralForm, Definition, Happening, Instance
from sandbox.odk.xforms.definitions import xform_xml
from sandbox.odk.xforms.instances import answers_in

# Moments in the life of the form whose definition drifts.
DRIFT_SENT = at("50:25.400")
DRIFT_PHOTO_CAME = at("50:25.600")
DRIFT_SECOND_VERSION = at("50:25.800")
DRIFT_FIELD_DROPPED = at("50:26.500")
DRIFT_OVERTAKEN = at("50:28.000")
DRIFT_ALL_VISIBLE = at("50:29.000")


def drift(folder: Path) -> CentralForm:
    """Return the form that gains a question, then loses one."""
    asked = {"a": "text", "n": "integer", "bad-name.x": "text", "photo": "image"}
    extra = {**asked, "extra": "text"}
    dropped = {name: kind for name, kind in extra.items() if name != "n"}
    published = (
        ("1", at("50:25.000"), asked),
        ("2", at("50:25.700"), extra),
        ("3", at("50:26.000"), dropped),
    )
    definitions = tuple(
        Definition(
            version,
            published_at,
            xform_xml("drift", "Drift", version, _content(questions)),
        )
        for version, published_at, questions in published
    )
    xml = text_of(folder, "13_drift_removed_field_xml")
    answers = answers_in(ET.fromstring(xml), ())  # noqa: S314 - recorded
    first = answers["meta/instanceID"]
    sent = Instance(first, "1", answers, sent_xml=xml.encode())
    slow = "uuid:33333333-3333-4333-8333-333333333333"
    fast = "uuid:44444444-4444-4444-8444-444444444444"
    happenings = (
        Happening(at("50:25.303"), "add", first, sent, by=ADMIN),
        Happening(at("50:25.500"), "attach", first, by=ADMIN, files=("p.png",)),
        Happening(
            at("50:26.945"),
            "add",
            slow,
            Instance(slow, "3", {"a": "slow upload", "meta/instanceID": slow}),
            by=ADMIN,
            visible_at=at("50:28.500"),
        ),
        Happening(
            at("50:27.987"),
            "add",
            fast,
            Instance(fast, "3", {"a": "fast", "meta/instanceID": fast}),
            by=ADMIN,
        ),
    )
    return CentralForm("drift", "Drift", definitions, happenings)


def encrypted(folder: Path) -> CentralForm:
    """Return the form whose answers only a key opens."""
    (row,) = body_of(folder, "11_encrypted_odata")["value"]
    version, _, key_name = row["__system"]["formVersion"].partition("[encrypted:")
    xml = xform_xml("enc_form", "Encrypted form", version, _content({"note": "text"}))
    sent = Instance(row["__id"], version, {"meta/instanceID": row["__id"]})
    sent_at = datetime.fromisoformat(row["__system"]["submissionDate"])
    files = ("submission.xml.enc",)
    return CentralForm(
        "enc_form",
        "Encrypted form",
        (Definition(version, at("50:12.775"), xml),),
        (Happening(sent_at, "add", row["__id"], sent, by=ADMIN, files=files),),
        key_name.removesuffix("]"),
    )


def empty(form_id: str, name: str, published_at: datetime) -> CentralForm:
    """Return a form that nobody ever sent."""
    xml = xform_xml(form_id, name, "1", _content({"note": "text"}))
    return CentralForm(form_id, name, (Definition("1", published_at, xml),), ())


def _content(questions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "survey": [{"type": kind, "name": name} for name, kind in questions.items()]
    }

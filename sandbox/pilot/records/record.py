"""A submission as KoboToolbox keeps it: the phone's metadata and the system's keys."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sandbox.pilot.countries import Country
from sandbox.pilot.model import Record

EPOCH_START = "1970-01-01T00:00:12.000+00:00"


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sent a form, from where and when.

    Attributes:
        asset_uid: The project it goes to.
        version_uid: The form version on the phone.
        country: For the phone's clock and the currency.
        username: Who is logged in.
        received_at: When the server got it, UTC.
        clock: `reversed` or `1970` when the phone's clock is wrong.
    """

    asset_uid: str
    version_uid: str
    country: Country
    username: str
    received_at: datetime
    clock: str | None = None


def drawn_uuid(rng: Random) -> str:
    """Draw a random UUID of version 4."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def phone_time(moment: datetime, country: Country) -> str:
    """Return the moment as a phone in that country writes it."""
    hours, minutes = country.utc_offset[1:].split(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    local = moment - offset if country.utc_offset.startswith("-") else moment + offset
    return f"{local:%Y-%m-%dT%H:%M:%S}.000{country.utc_offset}"


def place_answers(country: Country, site: str, group: str) -> Record:
    """Return the questions every form opens with."""
    return {
        "country": country.code.lower(),
        "site_code": site,
        "cur": country.currency,
        "max_amt": str(country.currency_maximum),
        "group_code": group,
    }


def make_record(sending: Sending, answers: Mapping[str, Any], rng: Random) -> Record:
    """Return the whole record, still without `_id`."""
    uuid = drawn_uuid(rng)
    project = hashlib.sha256(sending.asset_uid.encode()).hexdigest()[:32]
    return {
        "formhub/uuid": project,
        **_phone_metadata(sending, rng),
        **answers,
        "__version__": sending.version_uid,
        "meta/instanceID": f"uuid:{uuid}",
        "_xform_id_string": sending.asset_uid,
        "_uuid": uuid,
        "meta/rootUuid": f"uuid:{uuid}",
        "_attachments": [],
        "_status": "submitted_via_web",
        "_geolocation": [None, None],
        "_submission_time": f"{sending.received_at:%Y-%m-%dT%H:%M:%S}",
        "_submitted_by": sending.username,
    }


def edited_record(record: Record, answers: Mapping[str, Any], rng: Random) -> Record:
    """Return the record after an edit on the server: a new uuid, the same root.

    Args:
        record: As it was.
        answers: All answers after the edit, with the version they are written in.
        rng: For the new uuid.
    """
    uuid = drawn_uuid(rng)
    kept = {path: record[path] for path in record if _is_kept_by_an_edit(path)}
    return (
        kept
        | dict(answers)
        | {
            "meta/deprecatedID": record["meta/instanceID"],
            "meta/instanceID": f"uuid:{uuid}",
            "_uuid": uuid,
        }
    )


def _is_kept_by_an_edit(path: str) -> bool:
    metadata = {"start", "end", "today", "deviceid", "username", "formhub/uuid"}
    return path.startswith(("_", "meta/")) or path in metadata


def _phone_metadata(sending: Sending, rng: Random) -> Record:
    waiting = timedelta(minutes=rng.choice((1, 2, 5, 30, 180, 600)))
    ended_at = sending.received_at - waiting
    started_at = ended_at - timedelta(minutes=rng.randint(12, 55))
    start = phone_time(started_at, sending.country)
    end = phone_time(ended_at, sending.country)
    if sending.clock == "reversed":
        start, end = end, start
    elif sending.clock == "1970":
        start = EPOCH_START
    device = hashlib.sha256(f"device {sending.username}".encode()).hexdigest()[:16]
    return {
        "start": start,
        "end": end,
        "today": start[:10],
        "deviceid": f"collect:{device}",
        "username": sending.username,
    }

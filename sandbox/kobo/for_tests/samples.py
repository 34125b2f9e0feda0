"""A small form and clients of it, for tests that need no pilot."""

import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from sandbox.kobo.edge.server import KoboServer
from sandbox.pilot.model import Event, Form, FormVersion, Record

UID = "aSampleFormOfTests0001"
DEPLOYED = datetime(2021, 1, 1, tzinfo=UTC)
FIRST_DAY = datetime(2021, 2, 1, tzinfo=UTC)
REDEPLOYED = datetime(2021, 3, 1, tzinfo=UTC)
ROWS = 12
# A client that speaks no TLS need not load certificates, which takes it longest.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def sample_record(
    number: int, edit: int = 0, answers: Mapping[str, Any] | None = None
) -> Record:
    """Return a submission of the sample form.

    Args:
        number: Its `_id`; every third is from Colombia, the others are from Mexico.
        edit: How often it has been edited.
        answers: More answers, or others.
    """
    arrived = FIRST_DAY + timedelta(seconds=number)

    def instance(nth: int) -> str:
        return f"00000000-0000-4000-8000-{number:06}{nth:06}"

    corrected = {"meta/deprecatedID": f"uuid:{instance(edit - 1)}"} if edit else {}
    return {
        "_id": number,
        "formhub/uuid": "f" * 32,
        "country": "mx" if number % 3 else "co",
        "hh/size": str(number),
        **(answers or {}),
        "__version__": "vFirst",
        "meta/instanceID": f"uuid:{instance(edit)}",
        **corrected,
        "meta/rootUuid": f"uuid:{instance(0)}",
        "_uuid": instance(edit),
        "_xform_id_string": UID,
        "_attachments": [],
        "_status": "submitted_via_web",
        "_geolocation": [None, None],
        "_submission_time": arrived.isoformat()[:19],
        "_submitted_by": "liaison" if number > 1 else None,
    }


def sample_form(*more: Event, rows: int = ROWS) -> Form:
    """Return a form with a repeat that its second version renames.

    Args:
        more: What happens after the rows arrived.
        rows: How many arrive, one a second.
    """
    added = [
        Event(
            FIRST_DAY + timedelta(seconds=number), "add", number, sample_record(number)
        )
        for number in range(1, rows + 1)
    ]
    versions = (
        FormVersion("vFirst", "1", DEPLOYED, _content("kids")),
        FormVersion("vSecond", "2", REDEPLOYED, _content("children")),
    )
    return Form(UID, "journal", "Sample form", versions, (*added, *more))


class SampleClient(httpx.Client):
    """A client of one account, with the paths of the sample form at hand."""

    data = f"/api/v2/assets/{UID}/data/"
    asset = f"/api/v2/assets/{UID}/"

    def ids(self, **params: str | int) -> list[int]:
        """Return the `_id` of the rows on a page."""
        answer = self.get(self.data, params=params).raise_for_status()
        return [row["_id"] for row in answer.json()["results"]]


# The fixtures of the tests: start servers, open clients of an account.
Serve = Callable[..., KoboServer]
Connect = Callable[..., SampleClient]


def _content(repeat: str) -> dict[str, Any]:
    return {
        "schema": "1",
        "survey": [
            {"name": "country", "type": "text", "$kuid": "k1", "$xpath": "country"},
            {
                "name": "hh",
                "type": "begin_group",
                "label": ["Home", "Hogar"],
                "$kuid": "k2",
                "$xpath": "hh",
            },
            {"name": "size", "type": "integer", "$kuid": "k3", "$xpath": "hh/size"},
            {"type": "end_group", "$kuid": "k4"},
            {"name": repeat, "type": "begin_repeat", "$kuid": "k5", "$xpath": repeat},
            {"name": "kid", "type": "text", "$kuid": "k6", "$xpath": f"{repeat}/kid"},
            {"type": "end_repeat", "$kuid": "k7"},
        ],
        "choices": [],
        "settings": {"version": "2021010101"},
        "translated": ["label"],
        "translations": ["English (en)", "Español (es)"],
    }

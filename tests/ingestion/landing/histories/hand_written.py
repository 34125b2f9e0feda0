"""A KoboToolbox that answers what a test writes, byte for byte, without a socket."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import Engine

from ingestion.landing import LandingReport, land_form
from ingestion.sources.http import PatientClient
from ingestion.sources.kobo import KoboSource
from tests.ingestion.conftest import MAPS, SHORT, kobo_form
from tests.ingestion.small_forms import UID

HELD = ("view_submissions", "view_asset")
PAGE_SIZE = 1_000


def good_record(number: int) -> str:
    """Return a submission as JSON."""
    return json.dumps(
        {
            "_id": number,
            "_uuid": f"good-{number}",
            "meta/rootUuid": f"uuid:good-{number}",
            "_submission_time": "2021-01-01T00:00:00",
            "_validation_status": {},
            "family_code": f"MX-01-{number:04}",
        }
    )


class HandWritten:
    """Answers with records that are JSON texts, not all of which are submissions.

    Args:
        records: In the order of their ids, where they have one; others come first.
    """

    def __init__(self, records: Sequence[str]) -> None:
        self._records = [(id_of(record), record) for record in records]

    def land(self, engine: Engine, **options: Any) -> LandingReport:  # noqa: ANN401 - those of `land_form`
        transport = httpx.MockTransport(self._answer)
        with (
            _plain_pages(),
            httpx.Client(base_url="http://kobo.test", transport=transport) as client,
        ):
            return land_form(
                "journal",
                registry=kobo_form(UID, MAPS / "small_journal.yml"),
                engine=engine,
                source=KoboSource(PatientClient("Kobo", client, SHORT), UID, "kobo"),
                **options,
            )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        asset = f"/api/v2/assets/{UID}/"
        bodies: dict[str, Any] = {
            "/me/": {"username": "owner", "server_time": "2021-02-01T00:00:00Z"},
            asset: {"effective_permissions": [{"codename": one} for one in HELD]},
            f"{asset}versions/": {"count": 0, "results": []},
        }
        if request.url.path == f"{asset}data/":
            content = self._page(request.url.params)
        else:
            content = json.dumps(bodies[request.url.path])
        headers = {"Content-Type": "application/json"}
        return httpx.Response(200, content=content.encode(), headers=headers)

    def _page(self, params: httpx.QueryParams) -> str:
        asked = json.loads(params.get("query", "{}")).get("_id", {})
        chosen = [
            text for number, text in self._records if _is_asked_for(number, asked)
        ]
        shown = chosen[: int(params["limit"])]
        return f'{{"count": {len(chosen)}, "results": [{", ".join(shown)}]}}'


def id_of(record: str) -> int | None:
    """Return the id of a record that has a usable one."""
    try:
        read = json.loads(record)
    except (ValueError, RecursionError):  # more than Python reads
        return int(re.findall(r'"_id": (\d+)', record)[0])
    found = read.get("_id") if isinstance(read, dict) else None
    return found if type(found) is int else None


def _is_asked_for(number: int | None, asked: dict[str, Any]) -> bool:
    if number is None:  # not found by an id, but counted among all
        return "$in" not in asked and asked.get("$gt", 0) == 0
    return (
        number > asked.get("$gt", 0)
        and number <= asked.get("$lte", number)
        and number in asked.get("$in", [number])
    )


@contextmanager
def _plain_pages() -> Iterator[None]:
    with patch("ingestion.sources.kobo.source.PAGE_SIZE", PAGE_SIZE):
        yield

"""A pretended ODK Central that answers out of a few dicts; no network."""

import re
from collections.abc import Callable
from typing import Any

import httpx

from ingestion.sources.connections import Connection
from ingestion.sources.http import Patience, PatientClient
from ingestion.sources.odk import OdkSource, SessionAuth

HOST = "https://central.example"
SECRET = "a secret with spaces"  # noqa: S105 - made up
CONNECTION = Connection("odk_test", HOST, SECRET, "warehouse@example.org")
NO_PATIENCE = Patience(attempts=1, attempts_unreached=1, attempts_after_error=1)
FORM = {
    "projectId": 1,
    "xmlFormId": "journal",
    "name": "Journal",
    "version": "2",
    "keyId": None,
    "publishedAt": "2026-02-01T00:00:00.000Z",
}
FORM_PATH = "/v1/projects/1/forms/journal"
Answer = Callable[[httpx.Request], httpx.Response]


def row(number: int, **system: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON is
    """Return a submission as OData shows it."""
    return {
        "family_code": f"F-{number}",
        "meta": {"instanceID": f"uuid:{number}"},
        "__id": f"uuid:{number}",
        "__system": {
            "submissionDate": f"2026-01-01T00:{number:02}:00.000Z",
            "updatedAt": None,
            "attachmentsPresent": 0,
            "status": None,
            "reviewState": None,
            "edits": 0,
            "formVersion": "2",
            "deletedAt": None,
            **system,
        },
    }


class Central:
    """Sessions, one form, and its submissions, the newest first."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = list(rows)
        self.most_on_a_page = 1_000
        self.session_number = 0
        self.valid_sessions: set[str] = set()
        self.asked: list[httpx.Request] = []
        self.answers: dict[str, Any] = {
            FORM_PATH: FORM,
            "/v1/projects/1/forms": [FORM],
            f"{FORM_PATH}/versions": [FORM],
        }

    def source(self, patience: Patience = NO_PATIENCE) -> OdkSource:
        """Return the adapter, in a session of this server."""
        session = SessionAuth(CONNECTION, "Central")
        client = httpx.Client(
            base_url=HOST, auth=session, transport=httpx.MockTransport(self)
        )
        return OdkSource(
            PatientClient("Central", client, patience), 1, "journal", "odk_test"
        )

    @property
    def asked_paths(self) -> list[str]:
        """What was asked for, logins left out."""
        paths = [request.url.path for request in self.asked]
        return [path for path in paths if path != "/v1/sessions"]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        assert request.url.host == "central.example"
        if request.url.path == "/v1/sessions":
            refusal = self.answers.get("login")
            return refusal if refusal is not None else self._logged_in()
        session = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if session not in self.valid_sessions:
            return refused(401)
        if request.method == "DELETE":
            self.valid_sessions.discard(session)
            return httpx.Response(200, json={"success": True})
        if request.url.path == f"{FORM_PATH}.svc/Submissions":
            return self._page(dict(request.url.params))
        return self._answer(request.url.path)

    def _logged_in(self) -> httpx.Response:
        self.session_number += 1
        token = f"session{self.session_number}"
        self.valid_sessions.add(token)
        return httpx.Response(200, json={"token": token})

    def _answer(self, path: str) -> httpx.Response:
        found = self.answers.get(path)
        if isinstance(found, httpx.Response):
            return found
        if isinstance(found, str):
            return httpx.Response(200, text=found)
        return refused(404) if found is None else httpx.Response(200, json=found)

    def _page(self, params: dict[str, str]) -> httpx.Response:
        refusal = self.answers.get("Submissions")
        if isinstance(refusal, httpx.Response):
            return refusal
        wanted = re.findall(r"__id eq '([^']*)'", params.get("$filter", ""))
        found = [one for one in self.rows if not wanted or one["__id"] in wanted]
        begin = 0
        if "$skiptoken" in params:
            ids = [one["__id"] for one in found]
            token = params["$skiptoken"]
            begin = ids.index(token) + 1 if token in ids else len(ids)
        end = begin + min(int(params.get("$top", 10_000)), self.most_on_a_page)
        page = {"value": found[begin:end], "@odata.count": len(found)}
        if end < len(found) and page["value"]:
            page["@odata.nextLink"] = (
                f"http://evil.example/x?%24top=1&%24skiptoken={found[end - 1]['__id']}"
            )
        return httpx.Response(200, json=page)


def refused(status: int, code: float | None = None) -> httpx.Response:
    """Return a refusal as Central words it."""
    return httpx.Response(status, json={"message": "No.", "code": code or status})

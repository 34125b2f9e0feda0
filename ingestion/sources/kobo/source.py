"""KoboToolbox adapter (API v2).

The server has no "changed since": an edit keeps `_id` and `_submission_time` and only
gives a new `_uuid`; a deletion leaves nothing behind. So we sweep ids and fingerprints,
which is cheap, and fetch what differs. Pages follow the `_id` (keyset), never an
offset: rows deleted meanwhile would shift offset pages and hide others.
"""

import json
import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from ingestion.errors import (
    SourceIncompleteError,
    SourceRejectedError,
    SourceUnavailableError,
)
from ingestion.sources.base import (
    Attachment,
    Capabilities,
    Changes,
    Download,
    DownloadLimits,
    FormRef,
    FormVersion,
    Json,
    Mark,
    Page,
    Rejected,
    SourceStatus,
    Submission,
)
from ingestion.sources.connections import variable_of
from ingestion.sources.http import HttpRefusalError, PatientClient, Reader
from ingestion.sources.json_text import OneByOne, read_json, split_page
from ingestion.sources.kobo.attachments import file_path, read_attachments
from ingestion.sources.kobo.definitions import read_questions
from ingestion.sources.kobo.history import read_changes
from ingestion.sources.kobo.records import (
    id_of,
    read_instant,
    read_mark,
    read_record,
    read_submission,
    read_text,
)

LOG = logging.getLogger(__name__)
PAGE_SIZE = 1_000  # the server's own limit; it caps larger ones without a word
# Servers in front of Kobo refuse request lines above 8 kB.
QUERY_LENGTH = 5_000
UNAUTHORIZED = 401
MARK_FIELDS = ("_id", "_uuid", "_validation_status")
WITH_ATTACHMENTS = (*MARK_FIELDS, "_attachments")


class KoboSource:
    """Reads one project ("asset") of one KoboToolbox server.

    Shape: payloads are the server's own objects. Answers are text under
    slash-separated paths; a repeat is an array of objects with full paths.

    Units: none are interpreted. Times without a zone are UTC.

    Args:
        client: Speaks to the server with the account's token.
        asset_uid: The project's uid.
        connection: The connection's id, for messages.
        with_attachments: See files that come late or are removed; a sweep then takes
            longer, as it lists the files of every row.
    """

    def __init__(
        self,
        client: PatientClient,
        asset_uid: str,
        connection: str,
        *,
        with_attachments: bool = False,
    ) -> None:
        self._client = client
        self._uid = asset_uid
        self._connection = connection
        self._asset = f"/api/v2/assets/{asset_uid}/"
        self._last_id: int | None = None
        self._listed_count: int | None = None
        self._has_history = False
        self._mark_fields = WITH_ATTACHMENTS if with_attachments else MARK_FIELDS
        self._read_mark = partial(read_mark, with_attachments=with_attachments)
        reader = partial(read_submission, with_attachments=with_attachments)
        self._read_text = partial(read_text, reader=reader)

    @property
    def capabilities(self) -> Capabilities:
        """Return what KoboToolbox offers: no list of what changed since a moment."""
        return Capabilities()

    @property
    def listed_count(self) -> int | None:
        """Return how many rows the server counted when the list began."""
        return self._listed_count

    def forms(self) -> Iterator[FormRef]:
        """Yield every survey project that the account sees, on every page."""
        for asset in self._list("/api/v2/assets/", {"q": "asset_type:survey"}):
            yield FormRef(
                key=asset["uid"],
                title=asset.get("name") or "",
                is_deployed=bool(asset.get("has_deployment")),
            )

    def check(self) -> SourceStatus:
        """Make sure that the token is good and sees every row of the project.

        An account with rights to some rows only gets a shorter list and no error, and
        the missing rows would look deleted.
        """
        account = self._get("/me/")
        username = account.get("username") if isinstance(account, dict) else None
        if not username:
            raise SourceRejectedError(self._token_advice(), "wrong_token")
        asset = self._get(self._asset)
        granted = _granted(asset)
        if "view_submissions" not in granted:
            raise SourceRejectedError(
                f"Account {username!r} on {self._client.name} may not see every "
                f"submission of form {self._uid}: share the project with it with the "
                "permission 'View submissions', without limiting it to some rows.",
                "missing_permission",
            )
        if not asset.get("has_deployment", True):
            raise SourceRejectedError(
                f"Form {self._uid} on {self._client.name} has never been deployed: "
                "deploy the project first.",
                "not_deployed",
            )
        self._has_history = "manage_asset" in granted
        return SourceStatus(
            server_time=read_instant(account.get("server_time")),
            summary=f"account {username!r} sees every submission of {self._uid}",
        )

    def versions(self, known: Collection[str]) -> Iterator[FormVersion]:
        """Yield the deployed versions that are not among `known`, oldest first."""
        listed = self._list(f"{self._asset}versions/")
        deployed = [version for version in listed if version.get("date_deployed")]
        for number, version in enumerate(reversed(deployed), start=1):
            if version["uid"] in known:
                continue
            detail = self._get(f"{self._asset}versions/{version['uid']}/")
            definition = detail.get("content") or {}
            settings = definition.get("settings")
            name = settings.get("version") if isinstance(settings, dict) else None
            yield FormVersion(
                version_id=version["uid"],
                name=str(name) if name else None,
                number=number,
                deployed_at=read_instant(version["date_deployed"]),
                definition=definition,
                questions=read_questions(definition),
            )

    def sweep(self) -> Iterator[list[Mark | Rejected]]:
        """Yield `_id` and fingerprint of every row, page by page."""
        fields = {"fields": json.dumps(self._mark_fields)}
        for page in self._keyset_pages(fields, read_json):
            yield [read_record(record, self._read_mark) for record in page]

    def everything(self) -> Iterator[Page]:
        """Yield every row in full, page by page, each read when its turn comes."""
        for page in self._keyset_pages({}, split_page):
            yield OneByOne(page, self._read_text)

    def submissions(
        self, submission_ids: Iterator[str]
    ) -> Iterator[list[Submission | Rejected]]:
        """Yield the rows with these ids; ids that are gone are left out."""
        for some in _chunks(submission_ids):
            query = f'{{"_id":{{"$in":[{",".join(some)}]}}}}'
            page = self._data({"query": query, "limit": PAGE_SIZE}, split_page)
            yield [self._read_text(record) for record in page["results"]]

    def changed_since(self, since: datetime) -> Iterator[list[Submission | Rejected]]:
        """Yield nothing: no row tells when it was edited."""
        del since
        yield from ()

    def count(self) -> int:
        """Return how many rows the server counts up to the last id listed."""
        params: dict[str, str | int] = {"limit": 1, "fields": '["_id"]'}
        if self._last_id is not None:
            params["query"] = f'{{"_id":{{"$lte":{self._last_id}}}}}'
        count: int = self._data(params)["count"]
        return count

    def changes(self, root_ids: Collection[str], since: datetime | None) -> Changes:
        """Return when these rows changed, by the project's history.

        The history needs the permission to manage the project, forgets after two years
        or earlier, loses entries and tells of deletions that failed, so nothing but
        the time of a change depends on it: where it does not answer, the times are
        left out.
        """
        return read_changes(self._history(since) if root_ids else (), root_ids)

    def lists_by_request(self, payload: Mapping[str, Any]) -> bool:
        """Return that the submission itself lists its files."""
        del payload
        return False

    def attachments(
        self, submission_id: str, payload: Mapping[str, Any]
    ) -> list[Attachment]:
        """Return the files that the submission lists; nothing is asked for."""
        del submission_id
        return read_attachments(payload)

    @contextmanager
    def download(
        self, submission_id: str, attachment: Attachment, limits: DownloadLimits
    ) -> Iterator[Download]:
        """Open a file as the phone sent it, no smaller size of a picture."""
        path = file_path(self._asset, submission_id, attachment)
        try:
            with self._client.stream(path, limits, attachment.media_type) as download:
                yield download
        except HttpRefusalError as refusal:
            if refusal.status == UNAUTHORIZED:
                raise self._explained(refusal, path) from refusal
            raise

    def _history(self, since: datetime | None) -> Iterator[Mapping[str, Any]]:
        if not self._has_history:
            return
        wanted = "(action:modify-submission OR action:delete-submission)"
        if since is not None:
            wanted += f' AND date_created__gte:"{since:%Y-%m-%dT%H:%M:%SZ}"'
        try:
            yield from self._list(f"{self._asset}history/", {"q": wanted})
        except HttpRefusalError:
            return  # plans and old servers differ in what they show
        except SourceUnavailableError as error:
            LOG.warning(
                "The history of form %s is left out, so changes are dated by this run "
                "where the submissions do not say when: %s",
                self._uid,
                error,
            )

    def _keyset_pages(
        self, params: Mapping[str, str | int], read: Reader
    ) -> Iterator[list[Any]]:
        self._last_id = self._listed_count = None
        while True:
            last = self._last_id or 0
            page = self._data(
                {
                    **params,
                    "query": f'{{"_id":{{"$gt":{last}}}}}',
                    "sort": '{"_id":1}',
                    "limit": PAGE_SIZE,
                },
                read,
            )
            records, remaining = page["results"], page["count"]
            if self._listed_count is None:
                self._listed_count = remaining
            if not records and remaining == 0:
                return
            self._last_id = self._highest_id(records, last)
            yield records
            # A full page is never taken for the last: one wrong count would hide rows.
            if PAGE_SIZE > len(records) >= remaining:
                return

    def _highest_id(self, records: list[Any], last: int) -> int:
        ids = [one for one in map(id_of, records) if one is not None]
        if not ids or ids != sorted(set(ids)) or ids[0] <= last:
            raise SourceIncompleteError(
                f"{self._client.name} did not list the submissions of form {self._uid} "
                "in the order of their ids, so the list cannot be trusted: run it "
                "again, and report it to whoever runs the server if it stays."
            )
        return int(ids[-1])

    def _data(
        self, params: Mapping[str, str | int], read: Reader = read_json
    ) -> dict[str, Any]:
        page = self._get(f"{self._asset}data/", params, read)
        if not isinstance(page, dict) or not isinstance(page.get("results"), list):
            raise SourceRejectedError(self._address_advice(), "wrong_address")
        return page

    def _list(
        self, path: str, params: Mapping[str, str | int] | None = None
    ) -> Iterator[Any]:
        start = 0
        while True:
            page = self._get(
                path, {**(params or {}), "limit": PAGE_SIZE, "start": start}
            )
            results = page["results"]
            yield from results
            start += len(results)
            if not results or start >= page["count"]:
                return

    def _get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        read: Reader = read_json,
    ) -> Json:
        try:
            return self._client.get(path, params, read)
        except HttpRefusalError as refusal:
            raise self._explained(refusal, path) from refusal

    def _explained(self, refusal: HttpRefusalError, path: str) -> HttpRefusalError:
        if refusal.status == UNAUTHORIZED:
            return HttpRefusalError(self._token_advice(), refusal.status, "wrong_token")
        if refusal.status != 404:  # noqa: PLR2004 - "not found", or not for you
            return refusal
        if path.startswith(self._asset):
            return HttpRefusalError(
                f"{self._client.name} shows this account no form {self._uid}: check "
                "the uid in the registry, and share the project with the account "
                "('View submissions').",
                refusal.status,
                "missing_form",
            )
        # Every account finds the other pages we ask for, so this is another server.
        return HttpRefusalError(self._address_advice(), refusal.status, "wrong_address")

    def _address_advice(self) -> str:
        return (
            f"{self._client.name} does not answer as KoboToolbox does: check the host "
            f"in {variable_of(self._connection)}."
        )

    def _token_advice(self) -> str:
        return (
            f"{self._client.name} does not accept the API token of connection "
            f"{self._connection!r}: put a valid one into "
            f"{variable_of(self._connection)}."
        )


def _granted(asset: Mapping[str, Any]) -> set[str]:
    return {
        permission["codename"] for permission in asset.get("effective_permissions", [])
    }


def _chunks(submission_ids: Iterator[str]) -> Iterator[list[str]]:
    some: list[str] = []
    length = 0
    for submission_id in submission_ids:
        length += len(submission_id) + len("%2C")
        some.append(submission_id)
        if length > QUERY_LENGTH or len(some) == PAGE_SIZE:
            yield some
            some, length = [], 0
    if some:
        yield some

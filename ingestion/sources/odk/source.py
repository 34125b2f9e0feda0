"""ODK Central adapter.

Central tells when a submission was edited or reviewed, but not when it was purged,
restored or got an attachment late. So we sweep ids and fingerprints, which is cheap,
and fetch what differs. Pages come newest first and follow a token, so what arrives
meanwhile shifts nothing; but the token of a row that was purged meanwhile gives an
empty page and no error, so a list is believed only when it is as long as announced.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

from ingestion.errors import (
    SourceIncompleteError,
    SourceRejectedError,
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
    Rejected,
    SourceStatus,
    Submission,
)
from ingestion.sources.http import HttpRefusalError, Patience, PatientClient
from ingestion.sources.odk.attachments import list_files, open_file
from ingestion.sources.odk.central import (
    MARK_FIELDS,
    MARKS_AT_ONCE,
    NOT_FOUND,
    CentralForm,
    Params,
    literal,
    text_literal,
    version_path,
)
from ingestion.sources.odk.history import History
from ingestion.sources.odk.media import form_name_of
from ingestion.sources.odk.older_versions import OlderVersions
from ingestion.sources.odk.records import (
    Kind,
    ServerIds,
    has_id,
    read_instant,
    read_mark,
    read_record,
    read_submission,
)
from ingestion.sources.odk.xform import read_questions
from ingestion.sources.odk.xml_documents import UnreadableXmlError

ROWS_AT_ONCE = 1_000
# Servers in front of Central refuse request lines above 8 kB.
FILTER_LENGTH = 5_000
# A slow upload gets its time when it begins and can be seen only when it has ended.
OVERLAP = timedelta(minutes=10)
# Central answers 500 to some requests whatever the day; one more try is enough.
PATIENCE = Patience(attempts_after_error=2)
SECOND = (
    "it has the id of another submission but for the prefix 'uuid:': delete one of "
    "the two on the server"
)


class OdkSource:
    """Reads one form of one project on one ODK Central server.

    Shape: payloads are the server's own OData rows, groups nested, repeats inlined;
    `answers.py` reads them. A row of which OData does not show every answer has the
    submission's XML beside it (`__xml`, `__repeats`).

    Units: none are interpreted. Times of the server are UTC.

    Args:
        client: Speaks to the server in the account's session.
        project: The project's number.
        xml_form_id: What the form calls itself.
        connection: The connection's id, for messages.
    """

    def __init__(
        self, client: PatientClient, project: int, xml_form_id: str, connection: str
    ) -> None:
        self._client = client
        self._form = CentralForm(client, project, xml_form_id, connection)
        self._connection = connection
        self._older = OlderVersions(self._form)
        self._listed_count: int | None = None
        self._ids = ServerIds()
        self._history = History(self._form, self._ids)

    @property
    def capabilities(self) -> Capabilities:
        """Return what Central offers."""
        return Capabilities(changed_since=True)

    @property
    def listed_count(self) -> int | None:
        """Return how many rows the server counted when the list began."""
        return self._listed_count

    def forms(self) -> Iterator[FormRef]:
        """Yield every form of the project that the account sees."""
        for form in self._form.forms():
            yield FormRef(
                key=form["xmlFormId"],
                title=form.get("name") or "",
                is_deployed=bool(form.get("publishedAt")),
            )

    def check(self) -> SourceStatus:
        """Make sure that the account reads every submission, and reads it in clear.

        A role that reads submissions reads all of them; there are no partial ones.
        """
        try:
            form = self._form.get()
        except HttpRefusalError as refusal:
            if refusal.status == NOT_FOUND:
                raise self._form.missing() from refusal
            raise
        self._refuse_unreadable(form)
        self._form.rows({"$top": 0, "$count": "true"})
        return SourceStatus(
            server_time=self._client.server_time,
            summary=f"the account of connection {self._connection!r} sees every "
            f"submission of {self._form.name}",
        )

    def _refuse_unreadable(self, form: Mapping[str, Any]) -> None:
        if not form.get("publishedAt"):
            raise SourceRejectedError(
                f"The {self._form.name} on {self._form.server} has never been "
                "published: publish it first.",
                "not_deployed",
            )
        if form.get("keyId") is not None:
            raise SourceRejectedError(
                f"The {self._form.name} on {self._form.server} is encrypted: the "
                "server itself cannot read its submissions without a passphrase that "
                "must not be kept here, so they cannot be landed; use a form without "
                "encryption, or export them by hand."
            )

    def versions(self, known: Collection[str]) -> Iterator[FormVersion]:
        """Yield the published versions that are not among `known`, oldest first."""
        for number, version in enumerate(self._form.published(), start=1):
            if version.name in known:
                continue
            xform = self._form.get_xml(f"{version_path(version.name)}.xml")
            try:
                questions = read_questions(xform)
            except UnreadableXmlError as error:
                raise SourceRejectedError(
                    f"Version {version.name!r} of {self._form.name} on "
                    f"{self._form.server} cannot be read, {error}: publish it anew."
                ) from error
            yield FormVersion(
                version_id=version.name,
                # One that was made for new lists asks what the one before it asked.
                name=form_name_of(version.name) or None,
                number=number,
                deployed_at=read_instant(version.published_at),
                definition={"xform": xform, "fields": self._older.fields(version.name)},
                questions=questions,
            )

    def sweep(self) -> Iterator[list[Mark | Rejected]]:
        """Yield id and fingerprint of every row, page by page."""
        for records in self._whole_list(
            {"$select": MARK_FIELDS, "$top": MARKS_AT_ONCE}
        ):
            self._ids.note(records)
            yield [self._read_one(record, read_mark) for record in records]

    def everything(self) -> Iterator[list[Submission | Rejected]]:
        """Yield every row in full, page by page."""
        for records in self._whole_list({"$expand": "*", "$top": ROWS_AT_ONCE}):
            yield self._read(records)
        self._older.tell()

    def submissions(
        self, submission_ids: Iterator[str]
    ) -> Iterator[list[Submission | Rejected]]:
        """Yield the rows with these ids; ids that are gone are left out."""
        terms = (
            f"__id eq {text_literal(self._ids.of(submission_id))}"
            for submission_id in submission_ids
        )
        for some in _chunks(terms):
            page = self._form.rows({"$filter": " or ".join(some), "$expand": "*"})
            yield self._read(page["value"])
        self._older.tell()

    def changed_since(self, since: datetime) -> Iterator[list[Submission | Rejected]]:
        """Yield what was sent, edited or reviewed since, and somewhat before."""
        cursor = literal(since - OVERLAP)
        changed = (
            f"(__system/submissionDate ge {cursor} or __system/updatedAt ge {cursor})"
        )
        params: Params = {"$filter": changed, "$expand": "*", "$top": ROWS_AT_ONCE}
        for page in self._form.pages(params):
            yield self._read(page["value"])
        self._older.tell()

    def count(self) -> int:
        """Return how many rows the server counted when it began the last list.

        What arrived since is newer than that list and so in neither number.

        Raises:
            SourceIncompleteError: The form was published anew meanwhile, so rows may
                have lost answers that we took for complete.
        """
        if self._form.was_published_anew():
            raise SourceIncompleteError(
                f"The {self._form.name} on {self._form.server} was published anew "
                "while it was read: run it again."
            )
        return self._listed_count or 0

    def changes(self, root_ids: Collection[str], since: datetime | None) -> Changes:
        """Return when these rows changed, as far as Central tells."""
        return self._history.changes(root_ids, since)

    def lists_by_request(self, payload: Mapping[str, Any]) -> bool:
        """Return whether any file has arrived; only then there is something to ask."""
        return bool(payload["__system"].get("attachmentsPresent") != 0)

    def attachments(
        self, submission_id: str, payload: Mapping[str, Any]
    ) -> list[Attachment]:
        """Return the files that have arrived; where none has, nothing is asked for."""
        self._ids.note([payload])
        if not self.lists_by_request(payload):
            return []
        return list_files(self._form, self._ids.of(submission_id), payload)

    def download(
        self, submission_id: str, attachment: Attachment, limits: DownloadLimits
    ) -> AbstractContextManager[Download]:
        """Open a file as it was sent."""
        spellings = self._ids.spellings(submission_id)
        return open_file(self._form, spellings, attachment, limits)

    def _whole_list(self, params: Params) -> Iterator[list[Any]]:
        announced = listed = 0
        for number, page in enumerate(
            self._form.pages({**params, "$count": "true"}), start=1
        ):
            if number == 1:
                self._listed_count = announced = self._announced(page)
            listed += len(page["value"])
            yield page["value"]
        if listed != announced:
            raise SourceIncompleteError(
                f"{self._form.server} counts {announced} submissions of "
                f"{self._form.name} but listed {listed}: some were deleted, purged or "
                "restored meanwhile, so nothing can be believed missing; run it again."
            )

    def _announced(self, page: Mapping[str, Any]) -> int:
        count = page.get("@odata.count")
        if not isinstance(count, int):
            raise self._form.other_server()
        return count

    def _read(self, records: list[Any]) -> list[Submission | Rejected]:
        self._ids.note(records)
        known = [
            number
            for number, record in enumerate(records)
            if has_id(record) and not self._ids.is_second(record)
        ]
        whole = dict(
            zip(
                known,
                self._older.complete([records[number] for number in known]),
                strict=True,
            )
        )
        completed = [whole.get(number, record) for number, record in enumerate(records)]
        read = [self._read_one(record, read_submission) for record in completed]
        for submission in read:
            if isinstance(submission, Submission):
                self._history.note(submission)
        return read

    def _read_one(
        self, record: Json, reader: Callable[[dict[str, Any]], Kind]
    ) -> Kind | Rejected:
        if self._ids.is_second(record):
            # Without an id: it is counted beside the submission that has it.
            return Rejected(None, SECOND, json.dumps(record))
        return read_record(record, reader)


def _chunks(terms: Iterator[str]) -> Iterator[list[str]]:
    some: list[str] = []
    length = 0
    for term in terms:
        some.append(term)
        length += len(quote_plus(f"{term} or "))
        if length > FILTER_LENGTH:
            yield some
            some, length = [], 0
    if some:
        yield some

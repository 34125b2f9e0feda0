"""ODK Central adapter.

Central tells when a submission was edited or reviewed, but not when it was purged,
restored or got an attachment late. So we sweep ids and fingerprints, which is cheap,
and fetch what differs. Pages come newest first and follow a token, so what arrives
meanwhile shifts nothing; but the token of a row that was purged meanwhile gives an
empty page and no error, so a list is believed only when it is as long as announced.
"""

import logging
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, quote_plus

from ingestion.errors import (
    SourceIncompleteError,
    SourceRejectedError,
    SourceUnavailableError,
)
from ingestion.sources.base import (
    Capabilities,
    Changes,
    FormRef,
    FormVersion,
    Mark,
    Rejected,
    SourceStatus,
    Submission,
)
from ingestion.sources.http import HttpRefusalError, Patience, PatientClient
from ingestion.sources.odk.central import (
    NOT_FOUND,
    CentralForm,
    Params,
    version_path,
)
from ingestion.sources.odk.older_versions import OlderVersions
from ingestion.sources.odk.records import (
    ID_PREFIX,
    has_id,
    read_instant,
    read_mark,
    read_record,
    read_submission,
    review_taken_back_at,
    root_id,
)
from ingestion.sources.odk.xform import read_questions
from ingestion.sources.odk.xml_names import UnreadableXmlError

LOG = logging.getLogger(__name__)
MARKS_AT_ONCE = 5_000  # rows of 300 bytes
ROWS_AT_ONCE = 1_000
# Servers in front of Central refuse request lines above 8 kB.
FILTER_LENGTH = 5_000
QUOTE = "'"
MARK_FIELDS = "__id,__system"
# A slow upload gets its time when it begins and can be seen only when it has ended.
OVERLAP = timedelta(minutes=10)
# Asking when a submission was edited takes a request each.
HISTORIES_AT_MOST = 1_000
# Central answers 500 to some requests whatever the day; one more try is enough.
PATIENCE = Patience(attempts_after_error=2)


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
        self._counted = 0
        self._without_prefix: set[str] = set()
        self._undated_edits: set[str] = set()
        self._reviews_taken_back: dict[str, datetime] = {}

    @property
    def capabilities(self) -> Capabilities:
        """Return what Central offers."""
        return Capabilities(changed_since=True)

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
                "published: publish it first."
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
            version_id = version["version"]
            if version_id in known:
                continue
            xform = self._form.get_text(f"{version_path(version_id)}.xml")
            try:
                questions = read_questions(xform)
            except UnreadableXmlError as error:
                raise SourceRejectedError(
                    f"Version {version_id!r} of {self._form.name} on "
                    f"{self._form.server} cannot be read, {error}: publish it anew."
                ) from error
            yield FormVersion(
                version_id=version_id,
                name=version_id or None,
                number=number,
                deployed_at=read_instant(version["publishedAt"]),
                definition={"xform": xform, "fields": self._older.fields(version_id)},
                questions=questions,
            )

    def sweep(self) -> Iterator[list[Mark | Rejected]]:
        """Yield id and fingerprint of every row, page by page."""
        for records in self._whole_list(
            {"$select": MARK_FIELDS, "$top": MARKS_AT_ONCE}
        ):
            self._remember(records)
            yield [read_record(record, read_mark) for record in records]

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
            f"__id eq '{self._id_on_server(submission_id).replace(QUOTE, 2 * QUOTE)}'"
            for submission_id in submission_ids
        )
        for some in _chunks(terms):
            page = self._form.rows({"$filter": " or ".join(some), "$expand": "*"})
            yield self._read(page["value"])
        self._older.tell()

    def changed_since(self, since: datetime) -> Iterator[list[Submission | Rejected]]:
        """Yield what was sent, edited or reviewed since, and somewhat before."""
        cursor = _literal(since - OVERLAP)
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
        """
        return self._counted

    def changes(self, root_ids: Collection[str], since: datetime | None) -> Changes:
        """Return when these rows changed, as far as Central tells.

        A deletion's time is in the trash, for 30 days. The time of an edit is on the
        row itself until someone reviews it; then it is in the submission's history,
        one request each, of which no more than a thousand are made.
        """
        if not root_ids:
            return Changes()
        taken_back = {
            root: at
            for root, at in self._reviews_taken_back.items()
            if root in root_ids
        }
        edited: dict[str, datetime] = {}
        deleted: dict[str, datetime] = {}
        try:
            deleted.update(self._deletions(root_ids, since))
            edited.update(self._edits(root_ids))
        except (HttpRefusalError, SourceUnavailableError) as error:
            LOG.warning(
                "When submissions of %s changed is left out, so changes are dated by "
                "this run where the submissions do not say when: %s",
                self._form.name,
                error,
            )
        return Changes(edited, taken_back, deleted)

    def _deletions(
        self, root_ids: Collection[str], since: datetime | None
    ) -> Iterator[tuple[str, datetime]]:
        when = "ne null" if since is None else f"ge {_literal(since)}"
        for page in self._form.pages(
            {
                "$filter": f"__system/deletedAt {when}",
                "$select": MARK_FIELDS,
                "$top": MARKS_AT_ONCE,
            }
        ):
            for record in filter(has_id, page["value"]):
                at = read_instant(record["__system"].get("deletedAt"))
                if root_id(record) in root_ids and at is not None:
                    yield root_id(record), at

    def _edits(self, root_ids: Collection[str]) -> Iterator[tuple[str, datetime]]:
        asked = sorted(self._undated_edits.intersection(root_ids))
        if len(asked) > HISTORIES_AT_MOST:
            LOG.info(
                "The histories of %d edited submissions of %s are not asked for, so "
                "these edits are dated by this run.",
                len(asked) - HISTORIES_AT_MOST,
                self._form.name,
            )
        for root in asked[:HISTORIES_AT_MOST]:
            instance = quote(self._id_on_server(root), safe="")
            versions = self._form.get(f"/submissions/{instance}/versions")
            times = sorted(
                at
                for at in (read_instant(one.get("createdAt")) for one in versions)
                if at is not None
            )
            if len(times) > 1:  # the first is the submission itself
                yield root, times[-1]

    def _whole_list(self, params: Params) -> Iterator[list[Any]]:
        announced = listed = 0
        for number, page in enumerate(
            self._form.pages({**params, "$count": "true"}), start=1
        ):
            if number == 1:
                self._counted = announced = self._announced(page)
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
        self._remember(records)
        completed = [
            self._older.complete(record) if has_id(record) else record
            for record in records
        ]
        read = [read_record(record, read_submission) for record in completed]
        for submission in read:
            if isinstance(submission, Submission):
                self._note_undated(submission)
        return read

    def _note_undated(self, submission: Submission) -> None:
        root = submission.mark.submission_id
        if submission.was_edited and submission.edited_at is None:
            self._undated_edits.add(root)
        taken_back = review_taken_back_at(submission.payload)
        if taken_back is not None:
            self._reviews_taken_back[root] = taken_back

    def _remember(self, records: list[Any]) -> None:
        """Note ids without the usual prefix: they are asked for without it."""
        self._without_prefix.update(
            record["__id"]
            for record in records
            if has_id(record) and not record["__id"].startswith(ID_PREFIX)
        )

    def _id_on_server(self, submission_id: str) -> str:
        is_bare = submission_id in self._without_prefix
        return submission_id if is_bare else f"{ID_PREFIX}{submission_id}"


def _literal(instant: datetime) -> str:
    # With an offset its plus sign would have to be written otherwise in an address.
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


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

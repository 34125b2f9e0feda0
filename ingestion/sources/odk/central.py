"""The requests about one form of ODK Central, and what its refusals mean.

Missing and not allowed are told apart by the status: 404 is not there, 403 is there
and needs a role. Codes in the answers add nothing to that.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from ingestion.errors import SourceIncompleteError, SourceRejectedError
from ingestion.sources.base import Download, DownloadLimits, Json
from ingestion.sources.connections import variable_of
from ingestion.sources.http import HttpRefusalError, PatientClient
from ingestion.sources.odk.xml_documents import WholeDocument

Params = Mapping[str, str | int]
UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 401, 403, 404
KINDS = {
    UNAUTHORIZED: "wrong_token",
    FORBIDDEN: "missing_permission",
    NOT_FOUND: "missing_form",
}
# What a sweep asks of a submission, 300 bytes each.
MARK_FIELDS = "__id,__system"
MARKS_AT_ONCE = 5_000
# How an address spells a version whose name is empty.
NO_VERSION_NAME = "___"


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a form.

    Attributes:
        name: Its name and its identity; it may be empty.
        published_at: As the server writes it.
    """

    name: str
    published_at: str


class CentralForm:
    """One form in one project.

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
        self._connection = connection
        self._project = f"/v1/projects/{project}"
        self._form = f"{self._project}/forms/{quote(xml_form_id, safe='')}"
        self._versions: list[Version] | None = None
        self.name = f"form {xml_form_id!r} of project {project}"
        self.server = client.name

    def get(self, path: str = "", params: Params | None = None) -> Json:
        """Return the JSON below the form, such as `/fields`."""
        try:
            return self._client.get(f"{self._form}{path}", params)
        except HttpRefusalError as refusal:
            raise self._explained(refusal) from refusal

    def get_xml(self, path: str) -> str:
        """Return the document below the form, such as `/versions/1.xml`, whole."""
        try:
            return self._client.get_text(f"{self._form}{path}", WholeDocument())
        except HttpRefusalError as refusal:
            raise self._explained(refusal) from refusal

    @contextmanager
    def stream(
        self, path: str, limits: DownloadLimits, media_type: str | None
    ) -> Iterator[Download]:
        """Open the file below the form; see `PatientClient.stream`."""
        try:
            with self._client.stream(
                f"{self._form}{path}", limits, media_type
            ) as download:
                yield download
        except HttpRefusalError as refusal:
            # That one file is not there says nothing about the form.
            if refusal.status == NOT_FOUND:
                raise
            raise self._explained(refusal) from refusal

    def forms(self) -> list[dict[str, Any]]:
        """Return the project's forms that the account sees.

        Raises:
            SourceRejectedError: The project is not there, or needs a role.
        """
        try:
            found = self._client.get(f"{self._project}/forms")
        except HttpRefusalError as refusal:
            if refusal.status == NOT_FOUND:
                raise SourceRejectedError(
                    f"{self.server} has no {self._project_name()}: correct the "
                    "server's project in the registry; it is the number in the "
                    "project's address.",
                    "missing_form",
                ) from refusal
            raise self._explained(refusal) from refusal
        if not isinstance(found, list):
            raise self.other_server()
        return found

    def missing(self) -> SourceRejectedError:
        """Return what to do about a form that is not there.

        Raises:
            SourceRejectedError: Its project is not there either, or needs a role.
        """
        self.forms()
        return SourceRejectedError(
            f"{self.server} shows this account no {self.name}: correct the form in the "
            "registry, publish it if it is a draft, or restore it if it was deleted.",
            "missing_form",
        )

    def published(self) -> list[Version]:
        """Return the form's published versions, the current one last."""
        if self._versions is None:
            self._versions = self._published_now()
        return self._versions

    def was_published_anew(self) -> bool:
        """Return whether there are other versions now than when we looked first."""
        return self._versions is not None and self._versions != self._published_now()

    def _published_now(self) -> list[Version]:
        listed = [
            Version(str(one.get("version") or ""), str(one["publishedAt"]))
            for one in self.get("/versions")
            if one.get("publishedAt")
        ]
        return sorted(listed, key=lambda version: version.published_at)

    def rows(self, params: Params) -> dict[str, Any]:
        """Return one page of submissions, with what the server says about it."""
        page = self.get(".svc/Submissions", params)
        if not isinstance(page, dict) or not isinstance(page.get("value"), list):
            raise self.other_server()
        return page

    def pages(self, params: Params) -> Iterator[dict[str, Any]]:
        """Yield pages of submissions.

        A link to the next page carries the address the server believes to have, so
        only its token is taken.
        """
        token = ""
        while True:
            page = self.rows({**params, "$skiptoken": token} if token else params)
            yield page
            link = page.get("@odata.nextLink")
            if link is None:
                return
            following = parse_qs(urlsplit(str(link)).query).get("$skiptoken", [""])[0]
            if not page["value"] or following in ("", token):
                raise SourceIncompleteError(
                    f"{self.server} does not get on with the list of {self.name}, so "
                    "it cannot be trusted: run it again, and report it to whoever "
                    "runs the server if it stays."
                )
            token = following

    def _explained(self, refusal: HttpRefusalError) -> HttpRefusalError:
        reasons = {
            UNAUTHORIZED: (
                f"{self.server} ends every session of connection "
                f"{self._connection!r} at once: check that its account may log in."
            ),
            FORBIDDEN: (
                f"The account of connection {self._connection!r} may not read "
                f"{self.name} on {self.server}: give it the role Project Viewer in "
                "that project."
            ),
            NOT_FOUND: (
                f"{self.server} shows this account no {self.name}, or not all of it: "
                "check whether it was deleted."
            ),
        }
        status = refusal.status
        if status not in reasons:
            return refusal
        return HttpRefusalError(reasons[status], status, KINDS[status])

    def _project_name(self) -> str:
        return f"project {self._project.rpartition('/')[2]}"

    def other_server(self) -> SourceRejectedError:
        """Return what to do about answers that no Central gives."""
        return SourceRejectedError(
            f"{self.server} does not answer as ODK Central does: check the host in "
            f"{variable_of(self._connection)}.",
            "wrong_address",
        )


def version_path(version: str) -> str:
    """Return where a version of a form stands below it."""
    return f"/versions/{quote(version, safe='') or NO_VERSION_NAME}"


def literal(instant: datetime) -> str:
    """Return an instant as a filter has it.

    With an offset its plus sign would have to be written otherwise in an address.
    """
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def text_literal(text: str) -> str:
    """Return a text as a filter has it."""
    return "'" + text.replace("'", "''") + "'"

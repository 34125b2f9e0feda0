"""Lists of a form on ODK Central: the files that its published version asks for.

Central takes a file for a draft only, and a draft goes to phones when it is published,
under a version name that the form never had. So lists that change make a version of the
form that asks what the one before it asked: `2021010401` is followed by
`2021010401.lists1`. Whoever reads versions takes both for the same (`form_name_of`).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ingestion.errors import SourceRejectedError
from ingestion.sources.base import Json
from ingestion.sources.http import HttpRefusalError
from ingestion.sources.media import MEDIA_TYPE, MediaFile
from ingestion.sources.odk.central import FORBIDDEN, NOT_FOUND, UNAUTHORIZED
from ingestion.sources.writing import WritingClient

OF_LISTS = re.compile(r"\.lists(\d+)$")


def form_name_of(version: str) -> str:
    """Return the name of the version whose questions this one asks."""
    return OF_LISTS.sub("", version)


class OdkMedia:
    """The lists of one form in one project.

    Args:
        client: Speaks to the server in the session of a Project Manager.
        project: The project's number.
        xml_form_id: What the form calls itself.
        connection: The connection's id, for messages.
    """

    def __init__(
        self, client: WritingClient, project: int, xml_form_id: str, connection: str
    ) -> None:
        self._client = client
        self._connection = connection
        self._form = f"/v1/projects/{project}/forms/{quote(xml_form_id, safe='')}"
        self._name = f"form {xml_form_id!r} of project {project} on {client.name}"

    def digests(self, names: Collection[str]) -> Mapping[str, str]:
        """Return the MD5 of the lists that the published version has."""
        published = self._ask("GET")
        if not published.get("publishedAt"):
            raise SourceRejectedError(
                f"The {self._name} has never been published: publish it first.",
                "not_deployed",
            )
        slots = {str(one["name"]): one for one in self._ask("GET", "/attachments")}
        self._check_slots(slots, names)
        self._check_hashes(slots)
        self._check_draft(published)
        return {
            name: str(slots[name]["hash"])
            for name in names
            if slots[name].get("blobExists", slots[name].get("exists"))
            and slots[name].get("hash")
        }

    def replace(self, files: Collection[MediaFile]) -> None:
        """Put lists into a draft of the published version, and publish that."""
        names = [str(one.get("version") or "") for one in self._ask("GET", "/versions")]
        published = self._ask("GET")
        self._check_draft(published)
        self._ask("POST", "/draft")  # with no body, it is the published version's
        for file in files:
            self._ask(
                "POST",
                f"/draft/attachments/{quote(file.name, safe='')}",
                content=file.content,
                headers={"Content-Type": MEDIA_TYPE},
            )
        version = _next_version(str(published.get("version") or ""), names)
        self._ask("POST", "/draft/publish", params={"version": version})

    def _check_hashes(self, slots: Mapping[str, Mapping[str, Any]]) -> None:
        """Refuse a server on which every list would look changed, every night."""
        if any("hash" not in one for one in slots.values()):
            raise SourceRejectedError(
                f"{self._client.name} does not tell which content a form's files have, "
                "so each run would publish a version: upgrade ODK Central, or take "
                "the form's media out of the registry."
            )

    def _check_slots(
        self, slots: Mapping[str, Mapping[str, Any]], names: Collection[str]
    ) -> None:
        missing = sorted(set(names) - set(slots))
        if missing:
            raise SourceRejectedError(
                f"The {self._name} asks for no {' and no '.join(missing)}: take them "
                "out of the form's media in the registry, or publish a version of the "
                "form that reads them."
            )
        linked = sorted(name for name in names if slots[name].get("datasetExists"))
        if linked:
            raise SourceRejectedError(
                f"The {self._name} takes {' and '.join(linked)} from an entity list: "
                "unlink it from the list, or take it out of the form's media in the "
                "registry."
            )

    def _check_draft(self, published: Mapping[str, Any]) -> None:
        """Refuse to touch a draft that somebody works on.

        One that is the published version letter by letter is what a run left behind
        that was cut off; it is begun anew.
        """
        try:
            draft = self._client.get(f"{self._form}/draft")
        except HttpRefusalError as refusal:
            if refusal.status == NOT_FOUND:
                return
            raise self._explained(refusal) from refusal
        if draft.get("hash") != published.get("hash"):
            raise SourceRejectedError(
                f"The {self._name} has a draft that somebody works on, and lists can "
                "only be sent in one: publish the draft or delete it, then publish "
                "again."
            )

    def _ask(self, method: str, path: str = "", **content: Any) -> Json:  # noqa: ANN401 - as `send` takes it
        try:
            if method == "GET":
                return self._client.get(f"{self._form}{path}")
            return self._client.send(method, f"{self._form}{path}", **content)
        except HttpRefusalError as refusal:
            raise self._explained(refusal) from refusal

    def _explained(self, refusal: HttpRefusalError) -> HttpRefusalError:
        kinds = {
            UNAUTHORIZED: "wrong_token",
            FORBIDDEN: "missing_permission",
            NOT_FOUND: "missing_form",
        }
        advice = {
            UNAUTHORIZED: (
                f"{self._client.name} ends every session of connection "
                f"{self._connection!r} at once: check that its account may log in."
            ),
            FORBIDDEN: (
                f"The account of connection {self._connection!r} may not change the "
                f"{self._name}: give it the role Project Manager in that project, or "
                "name another connection under media_connection."
            ),
            NOT_FOUND: (
                f"This account finds no {self._name}: check the "
                "form and the server's project in the registry."
            ),
        }
        if refusal.status not in kinds:
            return refusal
        status = refusal.status
        return HttpRefusalError(advice[status], status, kinds[status])


def _next_version(current: str, names: Sequence[str]) -> str:
    """Return a name that no version had, from which the form's own can be read."""
    base = form_name_of(current)
    used = [
        int(found[1])
        for name in names
        if form_name_of(name) == base and (found := OF_LISTS.search(name))
    ]
    return f"{base}.lists{max(used, default=0) + 1}"

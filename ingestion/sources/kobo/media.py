"""Lists of a KoboToolbox project: its files of the type `form_media`.

A name is taken once, so a list is deleted before it is sent anew. What was sent reaches
phones when the project is deployed again, which makes no new version where its
questions are the same; until then phones get the lists of the deployment before.
"""

import base64
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ingestion.errors import SourceRejectedError
from ingestion.sources.base import Json
from ingestion.sources.connections import variable_of
from ingestion.sources.http import HttpRefusalError
from ingestion.sources.kobo.records import read_instant
from ingestion.sources.media import MEDIA_TYPE, MediaFile
from ingestion.sources.writing import WritingClient

UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 401, 403, 404
PAGE_SIZE = 100
DESCRIPTION = "Kept up to date by the warehouse"


class KoboMedia:
    """The lists of one project.

    Args:
        client: Speaks to the server with a token whose account may edit the project.
        asset_uid: The project's uid.
        connection: The connection's id, for messages.
    """

    def __init__(self, client: WritingClient, asset_uid: str, connection: str) -> None:
        self._client = client
        self._uid = asset_uid
        self._connection = connection
        self._asset = f"/api/v2/assets/{asset_uid}/"
        self._name = f"form {asset_uid} on {client.name}"

    def digests(self, names: Collection[str]) -> Mapping[str, str]:
        """Return the MD5 of the lists that were there at the last deployment."""
        asset = self._ask("GET", self._asset)
        self._check(asset)
        deployed_at = read_instant(asset.get("date_deployed"))
        found: dict[str, str] = {}
        for file in self._files():
            name, digest = _identity(file)
            sent_at = read_instant(file.get("date_created"))
            if name in names and sent_at and deployed_at and sent_at <= deployed_at:
                found[name] = digest
        return found

    def replace(self, files: Collection[MediaFile]) -> None:
        """Send lists in the place of those with their names, and deploy again."""
        wanted = {file.name: file for file in files}
        for there in list(self._files()):
            if _identity(there)[0] in wanted:
                self._ask("DELETE", f"{self._asset}files/{there['uid']}/")
        for file in wanted.values():
            self._ask("POST", f"{self._asset}files/", json=_upload(file))
        asset = self._ask("GET", self._asset)
        self._check(asset)  # somebody may have begun to change the form meanwhile
        self._ask(
            "PATCH",
            f"{self._asset}deployment/",
            json={"version_id": asset["version_id"]},
        )

    def _check(self, asset: Mapping[str, Any]) -> None:
        granted = {one["codename"] for one in asset.get("effective_permissions", [])}
        if "change_asset" not in granted:
            raise SourceRejectedError(self._permission_advice(), "missing_permission")
        if not asset.get("has_deployment", True):
            raise SourceRejectedError(
                f"The {self._name} has never been deployed: deploy the project first.",
                "not_deployed",
            )
        if asset.get("version_id") != asset.get("deployed_version_id"):
            raise SourceRejectedError(
                f"The {self._name} has changes that nobody has deployed, and lists can "
                "only be sent by deploying them too: deploy the project, or take the "
                "changes back, then publish again.",
                "not_deployed",
            )

    def _files(self) -> Iterator[Mapping[str, Any]]:
        start = 0
        while True:
            page = self._ask(
                "GET",
                f"{self._asset}files/",
                params={"file_type": "form_media", "limit": PAGE_SIZE, "start": start},
            )
            yield from page["results"]
            start += len(page["results"])
            if not page["results"] or start >= page["count"]:
                return

    def _ask(self, method: str, path: str, **content: Any) -> Json:  # noqa: ANN401 - as `send` takes it
        try:
            if method == "GET":
                return self._client.get(path, content.get("params"))
            return self._client.send(method, path, **content)
        except HttpRefusalError as refusal:
            raise self._explained(refusal) from refusal

    def _explained(self, refusal: HttpRefusalError) -> HttpRefusalError:
        if refusal.status == UNAUTHORIZED:
            return HttpRefusalError(
                f"{self._client.name} does not accept the API token of connection "
                f"{self._connection!r}: put a valid one into "
                f"{variable_of(self._connection)}.",
                refusal.status,
                "wrong_token",
            )
        if refusal.status == FORBIDDEN:
            return HttpRefusalError(
                self._permission_advice(), refusal.status, "missing_permission"
            )
        if refusal.status == NOT_FOUND:
            return HttpRefusalError(
                f"{self._client.name} shows this account no form {self._uid}: check "
                "the uid in the registry, and share the project with the account "
                "('Edit form').",
                refusal.status,
                "missing_form",
            )
        return refusal

    def _permission_advice(self) -> str:
        return (
            f"The account of connection {self._connection!r} may not change the "
            f"{self._name}: share the project with it with the permission 'Edit form', "
            "or name another connection under media_connection."
        )


def _identity(file: Mapping[str, Any]) -> tuple[str, str]:
    metadata = file.get("metadata") or {}
    digest = str(metadata.get("hash") or "").removeprefix("md5:")
    return str(metadata.get("filename") or ""), digest


def _upload(file: MediaFile) -> dict[str, str]:
    content = base64.b64encode(file.content).decode("ascii")
    return {
        "description": DESCRIPTION,
        "file_type": "form_media",
        "metadata": json.dumps({"filename": file.name}),
        "base64Encoded": f"data:{MEDIA_TYPE};base64,{content}",
    }

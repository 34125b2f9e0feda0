"""Answers to questions that a form no longer asks, and the version of an edit.

OData shows of every submission only what the form's current version asks. What an
older version asked besides is still in the submission's own XML, so where there may be
such an answer the XML is fetched and laid beside the row: one request each, a few at a
time.

A row also keeps telling of the version it was first sent with when it was edited with a
later one. Only the XML names that, so it is fetched of edited submissions as well.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ingestion.errors import SourceIncompleteError
from ingestion.sources.http import HttpRefusalError
from ingestion.sources.odk.answers import REPEATS_KEY, XML_KEY
from ingestion.sources.odk.at_once import each_at_once
from ingestion.sources.odk.central import NOT_FOUND, CentralForm, version_path
from ingestion.sources.odk.media import form_name_of
from ingestion.sources.odk.xml_names import META

LOG = logging.getLogger(__name__)
# One after the other, 100,000 at 80 ms each take more than two hours. Four are fewer
# than the browser of one person opens: phones send submissions to the same server.
XML_AT_ONCE = 4
INSTANCE_ID = re.compile(r"<(?:\w+:)?instanceID>\s*([^<\s]+)\s*<")
NO_ANSWERS = frozenset({"structure", "repeat"})


class OlderVersions:
    """Completes the rows of one form.

    Args:
        form: The form.
    """

    def __init__(self, form: CentralForm) -> None:
        self._form = form
        self._fields: dict[str, list[Mapping[str, Any]]] = {}
        self._dropped: set[str] | None = None
        self._completed = 0

    def complete(self, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return rows, each with its XML where OData does not show all of it.

        Raises:
            SourceIncompleteError: One was deleted or edited since the rows were read.
        """
        # What is known of the form is asked for before, and so by one thread only.
        cut_short = [record["__id"] for record in records if self._is_cut_short(record)]
        if not cut_short:
            return list(records)
        repeats = self._repeats()
        found = each_at_once(self._xml, cut_short, XML_AT_ONCE)
        xml_of = dict(zip(cut_short, found, strict=True))
        self._completed += len(cut_short)
        return [
            {**record, XML_KEY: self._same(record, xml), REPEATS_KEY: repeats}
            if (xml := xml_of.get(record["__id"])) is not None
            else record
            for record in records
        ]

    def tell(self) -> None:
        """Log how many rows were completed since this was told last."""
        if self._completed:
            LOG.info(
                "%d submissions of %s were edited or may answer questions that it no "
                "longer asks; each took a request of its own.",
                self._completed,
                self._form.name,
            )
        self._completed = 0

    def _same(self, record: Mapping[str, Any], xml: str) -> str:
        """Return the XML, provided that it is of the version that the row shows."""
        meta = record.get(META)
        shown = meta.get("instanceID") if isinstance(meta, Mapping) else None
        sent = INSTANCE_ID.search(xml)
        if shown and sent and sent[1] != shown:
            raise SourceIncompleteError(
                f"A submission of {self._form.name} on {self._form.server} was edited "
                "while it was read, so nothing was landed: run it again."
            )
        return xml

    def _xml(self, instance_id: str) -> str:
        try:
            return self._form.get_xml(f"/submissions/{quote(instance_id, safe='')}.xml")
        except HttpRefusalError as refusal:
            if refusal.status == NOT_FOUND:
                # Cut short it must not land: restored before the next run, it would
                # look as it did, and stay so.
                raise SourceIncompleteError(
                    f"A submission of {self._form.name} on {self._form.server} was "
                    "deleted while it was read, so not all of it is known: run it "
                    "again."
                ) from refusal
            raise

    def _is_cut_short(self, record: Mapping[str, Any]) -> bool:
        versions = self._form.published()
        system = record.get("__system")
        if len(versions) <= 1 or not isinstance(system, dict):
            return False
        if system.get("edits"):
            return True
        version = system.get("formVersion")
        return version != versions[-1].name and version in self._cut_versions()

    def _cut_versions(self) -> set[str]:
        """Return the versions that asked what the current one does not."""
        if self._dropped is None:
            *older, current = [one.name for one in self._form.published()]
            asked = self._asked(current)
            self._dropped = {one for one in older if self._asked(one) - asked}
        return self._dropped

    def _asked(self, version: str) -> set[str]:
        return {
            field["path"]
            for field in self.fields(version)
            if field["type"] not in NO_ANSWERS
            and not field["path"].startswith(f"/{META}/")
        }

    def _repeats(self) -> list[str]:
        return sorted(
            {
                field["path"].removeprefix("/")
                for one in self._form.published()
                for field in self.fields(one.name)
                if field["type"] == "repeat"
            }
        )

    def fields(self, version: str) -> list[Mapping[str, Any]]:
        """Return path and type of everything a version asks, named as in OData."""
        # Versions that differ by their lists alone ask the same; there may be hundreds.
        name = form_name_of(version)
        if name not in self._fields:
            path = f"{version_path(version)}/fields"
            self._fields[name] = self._form.get(path, {"odata": "true"})
        return self._fields[name]

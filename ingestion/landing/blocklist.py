"""What landing leaves out: records of families that were erased.

The form server may go on holding them, and a full reload would bring them back. A
warehouse in which nobody was ever erased pays one query a run for it.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as upsert

from ingestion.errors import ErasureKeyError
from ingestion.sources.base import Rejected
from ingestion.sources.storable import Stored
from warehouse.erasure.identity import Seal, load_seal
from warehouse.erasure.redaction import Redactor
from warehouse.tables import erasure_blocks


@dataclass(frozen=True, slots=True)
class Blocklist:
    """What one run leaves out of one form.

    Attributes:
        seal: Makes the hashes.
        blocks: Hash of a family or a record -> the erasure that it went with.
        form_id: The form.
        redacted: Ids of records of others that named an erased family in this run.
        found: Hashes of records that were found to be an erased family's in this run.
    """

    seal: Seal
    blocks: dict[str, int]
    form_id: str
    redacted: set[str] = field(default_factory=set)
    found: dict[str, int] = field(default_factory=dict)

    def has_submission(self, submission_id: str) -> bool:
        """Return whether a record of this id was erased."""
        return self.seal.submission(self.form_id, submission_id) in self.blocks

    def has_family(self, code: str) -> bool:
        """Return whether a code, however typed, is that of an erased family."""
        return self.seal.family(code) in self.blocks

    def is_erased(
        self, submission_id: str, root_id: str | None, answers: dict[str, Any]
    ) -> bool:
        """Return whether a record is, or is about one of, an erased family's.

        A new one is remembered, so that the next run need not fetch it to know.
        """
        about = (root_id, answers.get("root_id"))
        hashes = [self.seal.root(str(one)) for one in about if one]
        code = answers.get("family_code")
        if code:
            hashes.append(self.seal.family(str(code)))
        erasures = [self.blocks[one] for one in hashes if one in self.blocks]
        if not erasures:
            return False
        own = self.seal.submission(self.form_id, submission_id)
        self.found[own] = erasures[0]
        return True

    def without_erased(self, submission_id: str, stored: Stored) -> Stored:
        """Return the payload of another's record without the erased family."""
        redactor = Redactor(self.has_family)
        if not redactor.names(stored.payload):
            return stored
        self.redacted.add(submission_id)
        payload = redactor.redacted(stored.payload)
        return Stored(payload, orjson.dumps(payload).decode(), stored.problems)

    def has_record(self, refused: Rejected) -> bool:
        """Return whether a record that cannot be landed is, or names, an erased one."""
        submission_id = refused.submission_id
        if submission_id is not None and self.has_submission(submission_id):
            return True
        redactor = Redactor(self.has_family)
        return redactor.names(refused.record) or redactor.names(_read(refused.record))

    def remember(self, connection: Connection) -> None:
        """Keep what was found in this run, in its transaction."""
        if self.found:
            rows = [
                {"block_hash": one, "kind_code": "submission", "erasure_id": erasure_id}
                for one, erasure_id in self.found.items()
            ]
            connection.execute(
                upsert(erasure_blocks).values(rows).on_conflict_do_nothing()
            )


def _read(record: str) -> object:
    """Return what a record's JSON says: in it the end of a line is a letter."""
    try:
        return json.loads(record)
    except ValueError:
        return None


def load_blocklist(connection: Connection, form_id: str) -> Blocklist | None:
    """Return what is to be left out of a form, or None where nobody was erased.

    Raises:
        ErasureKeyError: Nobody can tell any more who was.
    """
    columns = erasure_blocks.c
    rows = connection.execute(select(columns.block_hash, columns.erasure_id)).all()
    if not rows:
        return None
    seal = load_seal(connection)
    if seal is None:
        raise ErasureKeyError(
            "Families were erased and pii.erasure_secrets has lost the key by which "
            "they are known, so nothing was landed: restore that row from a backup."
        )
    return Blocklist(seal, {row[0]: row[1] for row in rows}, form_id)

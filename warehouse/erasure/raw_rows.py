"""Taking a family out of raw: its own records whole, and its code out of others'."""

import json
from collections import Counter

from sqlalchemy import Connection, Row, text

from warehouse.erasure.identity import look_alikes
from warehouse.erasure.redaction import Redactor
from warehouse.erasure.subject import Subject
from warehouse.tables import SUBMISSIONS

DELETE_OWN = """
delete from {table} as versions using erased_records as records
where
    versions.form_id = records.form_id
    and versions.submission_id = records.submission_id
"""
NAMING = """
select form_id, submission_id, version_number, payload, answers, answer_problems
from {table}
where
    payload::text ~* :pattern
    or answers::text ~* :pattern
    or answer_problems::text ~* :pattern
"""
REDACT = """
update {table} set
    payload = cast(:payload as json),
    answers = cast(:answers as jsonb),
    answer_problems = cast(:answer_problems as jsonb)
where
    form_id = :form_id
    and submission_id = :submission_id
    and version_number = :version_number
"""
# Of a form whose definition offers families as choices.
NAMING_VERSIONS = """
select form_id, form_version_id, definition, questions from raw.forms__versions
where definition::text ~* :pattern or questions::text ~* :pattern
"""
REDACT_VERSION = """
update raw.forms__versions set
    definition = cast(:definition as jsonb), questions = cast(:questions as jsonb)
where form_id = :form_id and form_version_id = :form_version_id
"""

Counts = Counter[tuple[str, str]]


def erase_from_raw(connection: Connection, subject: Subject) -> Counts:
    """Remove the family from raw; return rows by table and what became of them.

    The content's hash stays that of what the server has, so that the next landing takes
    no redacted record for an edited one.
    """
    counts: Counts = Counter()
    redactor = Redactor(subject.is_called)
    pattern = look_alikes(subject.code)
    for table in SUBMISSIONS.values():
        own = text(DELETE_OWN.format(table=table.fullname))
        counts[table.fullname, "removed"] += connection.execute(own).rowcount
        naming = text(NAMING.format(table=table.fullname))
        redact = text(REDACT.format(table=table.fullname))
        for row in connection.execute(naming, {"pattern": pattern}).all():
            changed = _redacted(row, redactor)
            if changed is not None:
                connection.execute(redact, changed)
                subject.mentions.add((row.form_id, row.submission_id))
                counts[table.fullname, "redacted"] += 1
    for row in connection.execute(text(NAMING_VERSIONS), {"pattern": pattern}).all():
        changed = _redacted(row, redactor)
        if changed is not None:
            connection.execute(text(REDACT_VERSION), changed)
            counts["raw.forms__versions", "redacted"] += 1
    subject.spellings |= redactor.spellings
    return counts


def _redacted(
    row: Row[tuple[object, ...]], redactor: Redactor
) -> dict[str, object] | None:
    """Return the row without the family, or None where it does not name it."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    changed = {
        name: redactor.redacted(value)
        for name, value in values.items()
        if isinstance(value, dict | list)
    }
    if all(values[name] == now for name, now in changed.items()):
        return None
    as_text = {name: _as_text(now) for name, now in changed.items()}
    return values | as_text


def _as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

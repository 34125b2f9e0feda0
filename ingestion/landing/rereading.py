"""Read what has landed anew when the field map has changed since.

The payload in raw never changes; the answers beside it are only its reading. A question
that was unmapped when it arrived gets its name here, without asking the server again.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from ingestion.answers.reading import as_json
from ingestion.landing.bookkeeping.runs import Run
from ingestion.landing.writing.copying import copy_rows
from ingestion.landing.writing.rows import RowMaker
from ingestion.registry import Form
from ingestion.sources.storable import REPAIRED

ROWS_AT_ONCE = 1_000
REREAD_COLUMNS = (
    "submission_id",
    "version_number",
    "answers",
    "answer_problems",
    "contact",
)

CREATE_REREAD = text("""
create temporary table reread (
    submission_id text not null,
    version_number integer not null,
    answers jsonb not null,
    answer_problems jsonb not null,
    contact jsonb
) on commit drop
""")

NEXT_ROWS = text("""
select submission_id, version_number, form_version_id, payload, answer_problems
from form_rows
where
    form_id = :form_id
    and payload is not null
    and (submission_id, version_number) > (:submission_id, :version_number)
order by submission_id, version_number
limit :row_count
""")

UPDATE_ANSWERS = text("""
update form_rows set
    answers = reread.answers,
    answer_problems = reread.answer_problems
from reread
where
    form_rows.form_id = :form_id
    and form_rows.submission_id = reread.submission_id
    and form_rows.version_number = reread.version_number
    and (form_rows.answers, form_rows.answer_problems)
    is distinct from (reread.answers, reread.answer_problems)
""")

# Not the statement of a landing: there a contact arrives, here one that has arrived is
# read in another way, and keeps the run and the time that it came with.
UPSERT_CONTACTS = text("""
insert into pii.family_contacts (
    form_id, submission_id, family_code,
    contact_name, contact_phone, contact_address, signature_file, run_id, landed_at
)
select
    :form_id, reread.submission_id, reread.answers ->> 'family_code',
    reread.contact ->> 'contact_name', reread.contact ->> 'contact_phone',
    reread.contact ->> 'contact_address', reread.contact ->> 'signature_file',
    :run_id, :landed_at
from reread
inner join ops.submission_states as known
    on
        known.form_id = :form_id
        and reread.submission_id = known.submission_id
        and reread.version_number = known.version_number
where reread.contact is not null
on conflict (form_id, submission_id) do update set
    family_code = excluded.family_code,
    contact_name = excluded.contact_name,
    contact_phone = excluded.contact_phone,
    contact_address = excluded.contact_address,
    signature_file = excluded.signature_file
""")

DELETE_CONTACTS = text("""
delete from pii.family_contacts
using
    reread
    inner join ops.submission_states as known
        on
            reread.submission_id = known.submission_id
            and reread.version_number = known.version_number
where
    known.form_id = :form_id
    and family_contacts.form_id = :form_id
    and family_contacts.submission_id = reread.submission_id
    and reread.contact is null
""")


@dataclass(frozen=True, slots=True)
class Reread:
    """What reading anew came to.

    Attributes:
        read_count: Versions of submissions that were read.
        changed_count: Those of them whose answers, or the problems in them, changed.
    """

    read_count: int = 0
    changed_count: int = 0


def reread_answers(
    connection: Connection, form: Form, run: Run, maker: RowMaker
) -> Reread:
    """Read the form's payloads anew if the last good run used another map."""
    if run.last_map_hash in (None, form.field_map.content_hash):
        return Reread()
    return reread_all(connection, form, run, maker)


def reread_all(connection: Connection, form: Form, run: Run, maker: RowMaker) -> Reread:
    """Read every payload of the form with the present map.

    Args:
        connection: In the run's transaction, with a view `form_rows` of the raw table.
        form: The form.
        run: The run that reads.
        maker: Reads, and notes the questions that no map names.
    """
    connection.execute(CREATE_REREAD)
    read_count = _read_into_table(connection, form, maker)
    values = {
        "form_id": form.form_id,
        "run_id": run.run_id,
        "landed_at": run.started_at,
    }
    changed_count = connection.execute(UPDATE_ANSWERS, values).rowcount
    connection.execute(UPSERT_CONTACTS, values)
    connection.execute(DELETE_CONTACTS, values)
    return Reread(read_count, changed_count)


def _read_into_table(connection: Connection, form: Form, maker: RowMaker) -> int:
    place = {"submission_id": "", "version_number": 0}
    count = 0
    while True:
        rows = connection.execute(
            NEXT_ROWS, {"form_id": form.form_id, "row_count": ROWS_AT_ONCE, **place}
        ).all()
        if not rows:
            return count
        copy_rows(
            connection, "reread", REREAD_COLUMNS, [_reread(maker, row) for row in rows]
        )
        count += len(rows)
        place = {
            "submission_id": rows[-1].submission_id,
            "version_number": rows[-1].version_number,
        }


def _reread(maker: RowMaker, row: Row[Any]) -> tuple[object, ...]:
    version_name = maker.version_names.get(row.form_version_id or "")
    read = maker.reader.read(maker.answers_of(row.payload), version_name)
    maker.note_unknown(row.form_version_id, read)
    repairs = [
        problem for problem in row.answer_problems if problem["reason"] == REPAIRED
    ]
    return (
        row.submission_id,
        row.version_number,
        read.text,
        as_json([*repairs, *read.problems]),
        as_json(read.contact) if read.contact else None,
    )

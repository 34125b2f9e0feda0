"""Who is to be erased: a family's code, its key, and which records are its own."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, select, text

from warehouse.erasure.identity import (
    look_alike_digits,
    look_alikes,
    look_alikes_alone,
    normalised,
    require_code,
)
from warehouse.errors import ErasureError
from warehouse.tables import SUBMISSIONS, family_contacts, family_keys

NORMALISED = """
translate(left({compact}, 2), '01', 'OI')
|| translate(substr({compact}, 3), 'OIL', '011')
"""
COMPACT = "upper(regexp_replace({code}, '[^A-Za-z0-9]', '', 'g'))"

# The family's by its own answer, in the newest version that has answers: an edit may
# have moved a record to another family, or from one.
OWN_RECORDS = """
insert into erased_records (role_code, form_id, submission_id, root_id, spelling)
select '{role}', latest.form_id, latest.submission_id, latest.root_id, latest.spelling
from (
    select distinct on (form_id, submission_id)
        form_id, submission_id, root_id, answers ->> 'family_code' as spelling
    from {table}
    where answers is not null
    order by form_id, submission_id, version_number desc
) as latest
where
    latest.spelling = :code
    or (
        :by_likeness
        and {normalised} = :normalised
    )
"""
# A correction names the record that it is about.
CORRECTIONS = """
insert into erased_records (role_code, form_id, submission_id, root_id)
select distinct 'corrections', lines.form_id, lines.submission_id, lines.root_id
from {table} as lines
where lines.answers ->> 'root_id' in (
    select records.root_id from erased_records as records
)
on conflict do nothing
"""
CREATE_RECORDS = """
create temporary table erased_records (
    role_code text not null,
    form_id text not null,
    submission_id text not null,
    root_id text,
    spelling text,
    primary key (form_id, submission_id)
) on commit drop
"""
RECORDS = """
select
    records.role_code, records.form_id, records.submission_id, records.root_id,
    coalesce(known.is_live, false) as is_live, records.spelling
from erased_records as records
left join ops.submission_states as known
    on
        records.form_id = known.form_id
        and records.submission_id = known.submission_id
order by
    records.role_code, records.form_id, length(records.submission_id),
    records.submission_id
"""
# Of whom a family is known to be, or to have been, a part.
RELATIVES = """
select
    answers ->> 'exit_kind_code' as kind_code,
    answers ->> 'family_code' as family_code,
    answers ->> 'new_family_code' as new_family_code
from {table}
where
    answers ->> 'exit_kind_code' in ('merge', 'split')
    and :code in (answers ->> 'family_code', answers ->> 'new_family_code')
"""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the family.

    Attributes:
        role: Of its form.
        form_id: Its form.
        submission_id: Its id on the form's server.
        root_id: What other records call it.
        is_live: Whether the server had it when it was asked last.
    """

    role: str
    form_id: str
    submission_id: str
    root_id: str | None
    is_live: bool


@dataclass(slots=True)
class Subject:
    """A family that is to be erased.

    Attributes:
        code: As enrolled.
        key: Its random key; None where no enrolment of it has landed.
        records: Its records.
        spellings: Every way in which its code was found typed.
        mentions: Form and id of the records of others that name it.
        is_alone: Whether no other family's code passes for the same.
        relatives: What the exit form tells of other households, in plain words.
    """

    code: str
    key: str | None
    records: list[Record] = field(default_factory=list)
    spellings: set[str] = field(default_factory=set)
    mentions: set[tuple[str, str]] = field(default_factory=set)
    is_alone: bool = True
    relatives: list[str] = field(default_factory=list)

    @property
    def needles(self) -> list[str]:
        """Return what the family is called in any table, the longest first."""
        called = {self.code, *self.spellings, *([self.key] if self.key else [])}
        return sorted(called - {""}, key=len, reverse=True)

    @property
    def typed(self) -> str | None:
        """Return a regular expression for its code, however typed, as a word of a text.

        None where another family's code passes for the same.
        """
        return look_alikes_alone(self.code) if self.is_alone else None

    @property
    def typed_anywhere(self) -> str | None:
        """Return the same, within a longer word too."""
        return look_alikes(self.code) if self.is_alone else None

    @property
    def digits(self) -> str:
        """Return a regular expression for its digits: without them it is not named."""
        return look_alike_digits(self.code)

    def is_called(self, like_a_code: str) -> bool:
        """Return whether what looks like a code is the family's."""
        if self.is_alone:
            return normalised(like_a_code) == normalised(self.code)
        return like_a_code == self.code


def find_subject(connection: Connection, code: str) -> Subject:
    """Return the family of this code, with its records in `erased_records`.

    Args:
        connection: In a transaction; the temporary table ends with it.
        code: As enrolment gives it.

    Raises:
        ErasureError: It is no code, or an enrolled family's code typed another way.
    """
    keys = connection.execute(
        select(family_keys.c.family_code, family_keys.c.family_key)
    )
    by_code = {row[0]: row[1] for row in keys}
    alike = [known for known in by_code if normalised(known) == normalised(code)]
    if code not in by_code and alike:
        raise ErasureError(
            f"No family has this code as it is typed: if {alike[0]} is meant, give it "
            "so."
        )
    require_code(code)
    subject = Subject(code, by_code.get(code), is_alone=len(alike) <= 1)
    connection.execute(text(CREATE_RECORDS))
    values = {
        "code": code,
        "normalised": normalised(code),
        "by_likeness": subject.is_alone,
    }
    for role, table in SUBMISSIONS.items():
        if role not in {"peer_meeting", "corrections"}:
            compact = COMPACT.format(code="latest.spelling")
            own = OWN_RECORDS.format(
                role=role,
                table=table.fullname,
                normalised=NORMALISED.format(compact=compact),
            )
            connection.execute(text(own), values)
    corrections = SUBMISSIONS["corrections"].fullname
    connection.execute(text(CORRECTIONS.format(table=corrections)))
    for row in connection.execute(text(RECORDS)):
        subject.records.append(Record(*row[:5]))
        if row.spelling:
            subject.spellings.add(row.spelling)
    subject.relatives = _relatives(connection, code)
    return subject


def names_of(connection: Connection, subject: Subject) -> list[str]:
    """Return names and numbers of the family's people, to keep them out of a text."""
    contacts = connection.execute(
        select(
            family_contacts.c.contact_name,
            family_contacts.c.contact_phone,
            family_contacts.c.contact_address,
        ).where(family_contacts.c.family_code.in_([subject.code, *subject.spellings]))
    )
    return [value for row in contacts for value in row if value]


def _relatives(connection: Connection, code: str) -> list[str]:
    query = text(RELATIVES.format(table=SUBMISSIONS["exit"].fullname))
    told = []
    for row in connection.execute(query, {"code": code}):
        if row.kind_code == "merge" and row.family_code == code:
            other = row.new_family_code or "another household"
            told.append(f"It merged into {other}; what that one reported since stays.")
        elif row.kind_code == "merge":
            told.append(
                f"{row.family_code} merged into it and is erased by itself only."
            )
        elif row.family_code == code:
            told.append(
                f"{row.new_family_code} split off from it and is a family of its own."
            )
        else:
            told.append(f"It split off from {row.family_code}, which stays.")
    return sorted(set(told))

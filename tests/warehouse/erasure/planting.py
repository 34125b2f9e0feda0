"""What tells who the family that is erased was: planted wherever people put it.

The pilot's own forty identifiers are in records of others. These are all of one family,
in edits of its records that the server has from a certain time on. Nobody bears the
name, and the numbers and addresses lead nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg

from sandbox.pilot.model import Event, Form, Record

# It begins so that Postgres keeps it as the last of all names it has seen.
NAME = "Zyrena Zunzuneca"
PHONE, OTHER_PHONE = "+63 2 8555 7401", "555 867 7402"
ADDRESS = "Purok Zunzuneca 7403"
E_MAIL = "zunzuneca@example.org"
PLACE = "14.6107404, 120.9807404"
LATITUDE, LONGITUDE = 14.7107405, 120.8807405
SIGNATURE = "firma_zunzuneca_7406.png"
DEVICE = "collect:zunzuneca7407"
OF_ANOTHER = "of_another.html"
REJECTED = "Zunzuneca 7408, could not be read"
# A payment whose id was there already, of a code as two other people type it.
REPEATED = ("Zunzuneca 7409, paid twice", "Zunzuneca 7410, paid twice")
WORDS: tuple[str, ...] = (
    *(NAME, PHONE, OTHER_PHONE, ADDRESS, E_MAIL, PLACE),
    *(str(LATITUDE), str(LONGITUDE), SIGNATURE, DEVICE, REJECTED, *REPEATED),
)

EVERYWHERE: Record = {
    "deviceid": DEVICE,
    "username": E_MAIL,
    "_geolocation": [LATITUDE, LONGITUDE],
}
ANSWERS: Mapping[str, Record] = {
    "enrolment": {
        "body/pii/pii_name": NAME,
        "body/pii/pii_phone": PHONE,
        "body/pii/pii_address": ADDRESS,
        "consent/c_sign": SIGNATURE,
        "body/aspiration": f"Ako si {NAME}, {E_MAIL}.",
    },
    "journal": {
        "j/story/st_text": f"Tawagan si {NAME} sa {OTHER_PHONE}.",
        "j/back/b_decision": f"Dito kami nakatira: {PLACE}.",
        "liaison_note": f"Kay {NAME}, hindi sa kapitbahay.",
    },
    "investment": {"req/req_text": f"Sabi ni {NAME}: {OTHER_PHONE}."},
    "exit": {"exit_text": f"Salamat mula kay {NAME}."},
}


def with_planted(form: Form, code: str, at: datetime) -> Form:
    """Return the form with one more edit of every record of the family, all at once.

    What the family shared at a meeting is an edit of the meeting.

    Args:
        form: As the pilot has it.
        code: The family.
        at: When, after all that happens in the pilot.
    """
    newest: dict[int, Record] = {}
    for event in form.events:
        if event.record:
            newest[event.submission_id] = event.record
        elif event.kind == "delete":
            newest.pop(event.submission_id, None)
    edits = [
        Event(at, "edit", number, _edited(record, planted))
        for number, record in newest.items()
        for planted in _planted(form.role, record, code)
    ]
    events = sorted([*form.events, *edits], key=lambda event: event.at)
    return replace(form, events=tuple(events))


def _planted(role: str, record: Record, code: str) -> Iterator[Record]:
    if record.get("family_code") == code and role in ANSWERS:
        yield {**EVERYWHERE, **ANSWERS[role]}
    elif role == "peer_meeting":
        shared = record.get("strat", [])
        told = [
            {**item, "strat/s_text": f"Si {NAME}, {OTHER_PHONE}."}
            if code in item.values()
            else item
            for item in shared
        ]
        if told != shared:
            yield {"strat": told}


def _edited(record: Record, planted: Record) -> Record:
    """Return what an edit on the server makes of a record: an instance of its own."""
    instance = str(UUID(int=int(UUID(record["_uuid"])) ^ 1))
    return {
        **record,
        **planted,
        "_uuid": instance,
        "meta/instanceID": f"uuid:{instance}",
        "meta/deprecatedID": record["meta/instanceID"],
    }


# What is not a record: words that were let out, and a record that could not land.
ELSEWHERE = """
insert into pii.text_reviews (
    form_id, root_id, field_name, free_texts_hash, decision_code, approved_words,
    reviewed_by, reviewed_at
)
select
    form_id, root_id, 'story_text', gen_random_uuid(), 'approved', %(words)s, 'Ana',
    now()
from raw.forms__journals
where answers ->> 'family_code' = %(code)s
limit 1;
insert into marts.fct_reviewed_texts (text_key, family_key, approved_words)
select 'planted ' || number, family_key, %(words)s
from pii.family_keys
cross join generate_series(1, 2) as number
where family_code = %(code)s;
insert into ops.rejected_records (
    form_id, record_hash, reason, record, first_seen_run_id, last_seen_run_id
)
select
    form_id, 'planted ' || rejected.ordinality, 'It could not be read.',
    rejected.record, run_id, run_id
from pii.family_contacts
cross join unnest(%(rejected)s::text[]) with ordinality as rejected (record)
where family_code = %(code)s;
insert into ops.dbt_results (
    run_id, node, status_code, seconds, message, ended_at
)
select gen_random_uuid(), 'planted', 'error', 0, %(message)s, now();
"""


def typed_otherwise(code: str) -> tuple[str, str]:
    """Return a code as two people type it who do not look it up."""
    return code.lower(), code.replace("-", " ")


def plant_elsewhere(connection: psycopg.Connection, code: str) -> None:
    """Plant it where no landing puts it, and have Postgres look at what there is."""
    small, apart = typed_otherwise(code)
    values = {
        "code": code,
        "words": f"Si {NAME} ito.",
        "rejected": [
            f'{{"family_code": "{code}", "a": "{REJECTED}"}}',
            f'{{"family_code": "{small}", "payee": "{REPEATED[0]}"}}',
            # As a note of several lines is written in JSON.
            f'{{"note": "Para sa:\\n{apart}", "payee": "{REPEATED[1]}"}}',
        ],
        "message": f"Key (reported_code)=({small}) is there twice, as is {apart}.",
    }
    for statement in filter(str.strip, ELSEWHERE.split(";\n")):
        connection.execute(statement.encode(), values)
    # Of the texts nothing is left afterwards.
    connection.execute("analyze pii.family_contacts, marts.fct_reviewed_texts")


def write_pages(folder: Path, code: str, key: str) -> tuple[Path, ...]:
    """Write pages that name the family, each in another way; return them.

    And one beside them that does not.
    """
    pages = (
        folder / "by_code.html",
        folder / "PH-PG04" / f"{key}.html",
        folder / "PH-PG04" / "by_name.html",
        folder / "by_number.html",
    )
    told = (f"{code} saved.", "A family saved.", f"{NAME} saved.", f"Call {PHONE}!")
    (folder / "PH-PG04").mkdir(parents=True)
    for page, words in zip(pages, told, strict=True):
        page.write_text(f"<p>{words}</p>", encoding="utf-8")
    (folder / OF_ANOTHER).write_text("<p>PH-01-0001 saved.</p>", encoding="utf-8")
    return pages

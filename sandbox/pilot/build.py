"""Building the pilot: draw the truth, fill in the forms, compute the answers."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sandbox.pilot.answers.known import expected_answers
from sandbox.pilot.answers.tables import (
    copied_rows,
    family_month_rows,
    family_rows,
    investment_rows,
    mess_rows,
    move_rows,
)
from sandbox.pilot.arrival.mess import MessyStream
from sandbox.pilot.canaries import with_canaries
from sandbox.pilot.countries import PILOT_COUNTRIES
from sandbox.pilot.forms import assets
from sandbox.pilot.forms.definitions import journal_versions, single_version
from sandbox.pilot.model import Event, Form, FormVersion, Pilot, Row, Truth
from sandbox.pilot.records.enrolments import enrolment_submissions
from sandbox.pilot.records.exits import exit_submissions
from sandbox.pilot.records.investments import draw_cases, investment_submissions
from sandbox.pilot.records.journal_submissions import SentJournal, send_journals
from sandbox.pilot.records.meetings import meeting_submissions
from sandbox.pilot.records.registers import corrections, journal_payments
from sandbox.pilot.records.submissions import Submission, events_by_role
from sandbox.pilot.truth.world import World, draw_worlds

RECRUITMENT_BEGINS = datetime(2020, 2, 1, 15, tzinfo=UTC)
PROGRAMME_BEGINS = datetime(2020, 6, 22, 15, tzinfo=UTC)
FORMS = {
    "enrolment": (assets.ENROLMENT_UID, "Enrolment and baseline"),
    "journal": (assets.JOURNAL_UID, "Family journal"),
    "peer_meeting": (assets.MEETING_UID, "Peer-group meeting"),
    "investment": (assets.INVESTMENT_UID, "Investment"),
    "exit": (assets.EXIT_UID, "Exit or move"),
}
SINGLE_VERSIONS = {
    "enrolment": (assets.ENROLMENT_VERSION_UID, RECRUITMENT_BEGINS),
    "peer_meeting": (assets.MEETING_VERSION_UID, PROGRAMME_BEGINS),
    "investment": (assets.INVESTMENT_VERSION_UID, PROGRAMME_BEGINS),
    "exit": (assets.EXIT_VERSION_UID, PROGRAMME_BEGINS),
}


def build_pilot() -> Pilot:
    """Return the synthetic pilot; the same one every time."""
    worlds = draw_worlds()
    stream = MessyStream()
    journals = [send_journals(world, stream) for world in worlds]
    submissions = [journal.submission for sent in journals for journal in sent]
    for world in worlds:
        submissions += _other_submissions(world)
    events = with_canaries(events_by_role(submissions))
    corrected = _numbered_corrections(worlds, journals)
    tables = _truth_tables(worlds, journals)
    pilots = [world for world in worlds if world.country in PILOT_COUNTRIES]
    answers = expected_answers(pilots, events["journal"], corrected)
    return Pilot(
        forms=tuple(_forms(events)),
        journal_payments=[
            row
            for world, sent in zip(worlds, journals, strict=True)
            for row in journal_payments(world, sent)
        ],
        corrections=corrected,
        truth=Truth(tables, answers),
    )


def _other_submissions(world: World) -> Iterator[Submission]:
    yield from enrolment_submissions(world)
    yield from meeting_submissions(world)
    yield from investment_submissions(world, draw_cases(world))
    yield from exit_submissions(world)


def _numbered_corrections(
    worlds: list[World], journals: list[list[SentJournal]]
) -> list[Row]:
    rows = [
        row
        for world, sent in zip(worlds, journals, strict=True)
        for row in corrections(world, sent)
    ]
    return [
        row | {"correction_ref": f"COR-{number:05d}"}
        for number, row in enumerate(rows, start=1)
    ]


def _truth_tables(
    worlds: list[World], journals: list[list[SentJournal]]
) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for world, sent in zip(worlds, journals, strict=True):
        drawn = {
            "family_months": family_month_rows(world, sent),
            "families": family_rows(world),
            "moves": move_rows(world),
            "investments": investment_rows(world, draw_cases(world)),
            "mess": mess_rows(sent),
            "copied_journals": copied_rows(sent),
        }
        for name, rows in drawn.items():
            tables.setdefault(name, []).extend(rows)
    return tables


def _forms(events: dict[str, tuple[Event, ...]]) -> Iterator[Form]:
    for role, (uid, name) in FORMS.items():
        yield Form(uid, role, f"{name} (synthetic)", _versions(role), events[role])


def _versions(role: str) -> tuple[FormVersion, ...]:
    if role == "journal":
        return journal_versions()
    return single_version(role, *SINGLE_VERSIONS[role])

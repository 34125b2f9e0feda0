"""Peer-group meetings: one per group and month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.countries import Country
from sandbox.pilot.forms.assets import MEETING_UID, MEETING_VERSION_UID
from sandbox.pilot.months import first_day
from sandbox.pilot.records.answers_tree import Answers, amount, filled, several, yes_no
from sandbox.pilot.records.record import Sending, make_record, place_answers
from sandbox.pilot.records.submissions import Submission
from sandbox.pilot.records.texts import (
    GOAL_STEPS,
    GROUP_DECISIONS,
    GROUP_QUESTIONS,
    LIAISON_NOTES,
    say,
)
from sandbox.pilot.truth.world import World

ATTENDANCE_SHARE = 0.86
IN_PERSON_SINCE = "2020-11"
REPORTS_SINCE = "2020-09"
# Peer Group 17 of the Philippines saved from its first journal payment on.
FIRST_SAVERS, FIRST_SAVING_MONTH = "PH-PG17", "2020-08"
SAVING_GROUP_SHARE = 0.4
STRATEGIES = ("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10")
HELP_TYPES = ("money", "food", "device", "care", "forms", "job", "skill", "labour")


@dataclass(slots=True)
class GroupFund:
    """A group's common savings.

    Attributes:
        starts: First month of saving; None: the group never saves.
        per_family: What each family present puts in.
        balance: After the last meeting.
    """

    starts: str | None
    per_family: int
    balance: int = 0

    def contribute(self, month: str, family_count: int) -> int:
        """Add this month's contributions and return them."""
        if self.starts is None or month < self.starts:
            return 0
        contributed = self.per_family * family_count
        self.balance += contributed
        return contributed


def meeting_submissions(world: World) -> list[Submission]:
    """Return the country's meetings."""
    present = _members_by_group(world)
    return [
        submission
        for number in range(1, world.country.group_count + 1)
        for submission in _group_meetings(
            world, f"{world.country.code}-PG{number:02d}", present
        )
    ]


def _members_by_group(world: World) -> dict[tuple[str, str], list[str]]:
    """Return the active families of every group and month."""
    members: dict[tuple[str, str], list[str]] = {}
    for month in world.country.calendar.all_months:
        for code in world.families:
            if world.is_active(code, month):
                group = world.home(code, month)[1]
                members.setdefault((group, month), []).append(code)
    return members


def _group_meetings(
    world: World, group: str, members: dict[tuple[str, str], list[str]]
) -> Iterator[Submission]:
    rng = Random(f"meetings-{group}")
    fund = _fund(world.country, group, rng)
    for month in world.country.calendar.all_months:
        present = [
            code for code in members[group, month] if happens(rng, ATTENDANCE_SHARE)
        ] or members[group, month][:1]
        yield _meeting(
            world,
            group,
            month,
            _meeting_answers(world.country, month, present, fund, rng),
            rng,
        )


def _fund(country: Country, group: str, rng: Random) -> GroupFund:
    per_family = country.journal_payment // 10 * rng.choice((1, 2))
    months = country.calendar.all_months[2:12]
    starts = rng.choice(months) if happens(rng, SAVING_GROUP_SHARE) else None
    return GroupFund(
        FIRST_SAVING_MONTH if group == FIRST_SAVERS else starts, per_family
    )


def _meeting(
    world: World, group: str, month: str, answers: Answers, rng: Random
) -> Submission:
    day = first_day(month) + timedelta(days=rng.randint(5, 26))
    hour = time(rng.randint(15, 23), rng.randrange(60), rng.randrange(60))
    received_at = datetime.combine(day, hour, tzinfo=UTC)
    received_at += timedelta(days=rng.choice((0, 0, 1, 2, 5)))
    sending = Sending(
        asset_uid=MEETING_UID,
        version_uid=MEETING_VERSION_UID,
        country=world.country,
        username=f"liaison_{world.country.code.lower()}{rng.randint(1, 3)}",
        received_at=received_at,
    )
    site = world.country.site_of_group(group)
    header = place_answers(world.country, site, group) | {
        "ref_month": f"{month}-01",
        "ref_month_key": month,
        "meet_date": day.isoformat(),
    }
    record = make_record(sending, header | answers, rng)
    return Submission("peer_meeting", record, received_at)


def _meeting_answers(
    country: Country, month: str, present: list[str], fund: GroupFund, rng: Random
) -> Answers:
    distant = ("video", "chat", "phone")
    together = ("person", "person", "outdoor", "video")
    contributed = fund.contribute(month, len(present))
    lent = fund.balance // 4 if fund.balance and happens(rng, 0.15) else 0
    reviewed = month >= REPORTS_SINCE and happens(rng, 0.6)
    answers: Answers = {
        "meet_mode": rng.choice(together if month >= IN_PERSON_SINCE else distant),
        "meet_min": str(rng.choice((45, 60, 75, 90, 120))),
        "attend": several(present),
        "n_attend": str(len(present)),
        "meet_led": rng.choice(("family", "rotating", "rotating", "liaison")),
        "data_review": yes_no(reviewed),
    }
    if reviewed:
        answers |= _data_talk(country, rng)
    answers["strat"] = [
        _strategy(country, present, rng) for _ in range(rng.choice((0, 0, 1, 1, 2)))
    ]
    answers |= {
        "gs_contrib": amount(contributed),
        "gs_balance": amount(fund.balance),
        "gs_loans": amount(lent),
        "mutual": several(rng.sample(HELP_TYPES, rng.choice((0, 1, 1, 2)))),
    }
    if happens(rng, 0.1):  # notes are rare
        answers["meet_note"] = say(LIAISON_NOTES, country.language, rng)
    return filled(answers)


def _data_talk(country: Country, rng: Random) -> Answers:
    """Return what the group asked and decided over its data, if anything."""
    talk = {}
    if happens(rng, 0.5):
        talk["data_questions"] = say(GROUP_QUESTIONS, country.language, rng)
    if happens(rng, 0.4):
        talk["data_decision"] = say(GROUP_DECISIONS, country.language, rng)
    return talk


def _strategy(country: Country, present: list[str], rng: Random) -> Answers:
    return {
        "strat/s_family": rng.choice(present),
        "strat/s_strategy": rng.choice(STRATEGIES),
        "strat/s_result": rng.choice(("yes", "yes", "part", "no", "early")),
        "strat/s_try": str(rng.randint(0, len(present))),
        "strat/s_text": say(GOAL_STEPS, country.language, rng),
    }

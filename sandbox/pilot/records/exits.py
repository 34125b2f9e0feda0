"""Exit records: one per departure, pause, move, split or merge."""

from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.forms.assets import EXIT_UID, EXIT_VERSION_UID
from sandbox.pilot.records.answers_tree import Answers, yes_no
from sandbox.pilot.records.journal_money import wellbeing_answers
from sandbox.pilot.records.record import Sending, make_record, place_answers
from sandbox.pilot.records.submissions import Submission
from sandbox.pilot.records.texts import EXIT_WORDS, say
from sandbox.pilot.truth.life_events import LifeEvent
from sandbox.pilot.truth.world import World


def exit_submissions(world: World) -> list[Submission]:
    """Return the country's exit forms."""
    return [_submission(world, event) for event in world.events]


def _submission(world: World, event: LifeEvent) -> Submission:
    rng = Random(f"exit-{event.family.code}-{event.kind}")
    sending = Sending(
        asset_uid=EXIT_UID,
        version_uid=EXIT_VERSION_UID,
        country=world.country,
        username=f"liaison_{world.country.code.lower()}{rng.randint(1, 3)}",
        received_at=event.received_at,
    )
    answers = _answers(world, event, rng)
    record = make_record(sending, answers, rng)
    return Submission("exit", record, event.received_at)


def _answers(world: World, event: LifeEvent, rng: Random) -> Answers:
    code = event.family.code
    written = world.written[code]
    before = [month for month in written if month <= event.day.isoformat()[:7]]
    facts = world.months[code, before[-1] if before else written[0]]
    answers = place_answers(world.country, event.family.site, event.family.group) | {
        "family_code": code,
        "exit_kind": event.kind,
        "exit_date": event.day.isoformat(),
    }
    optional = {
        "exit_reason": event.reason,
        "new_group": event.new_group,
        "new_family": event.new_family_code,
        "data_wish": event.data_wish,
    }
    answers |= {path: answer for path, answer in optional.items() if answer}
    answers["pay_due"] = yes_no(happens(rng, 0.3))  # some wait for one
    answers |= wellbeing_answers(facts, rng)
    if happens(rng, 0.6):  # a last word is voluntary
        answers["exit_text"] = say(EXIT_WORDS, world.country.language, rng)
    return answers

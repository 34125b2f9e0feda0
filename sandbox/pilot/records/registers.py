"""What finance and the data desk keep beside the forms: payments and corrections."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from sandbox.pilot.arrival.entries import MessKind
from sandbox.pilot.chance import happens
from sandbox.pilot.model import Row
from sandbox.pilot.records.answers_tree import amount
from sandbox.pilot.records.journal_submissions import SentJournal
from sandbox.pilot.records.submissions import CUTOFF
from sandbox.pilot.truth.world import World

DUE_DAYS = 15
UNACCEPTED = {
    MessKind.TEST,
    MessKind.DELETED,
    MessKind.REJECTED,
    MessKind.UNRESOLVABLE_CODE,
    MessKind.ON_HOLD,
}
REASONS = {
    MessKind.WRONG_UNIT: "unit",
    MessKind.IN_DOLLARS: "currency",
    MessKind.WRONG_MONTH: "month",
}
# Asked for, but never approved: applying them would move the headline.
UNAPPROVED = ("proposed", "proposed", "declined", "declined")


def journal_payments(world: World, journals: Iterable[SentJournal]) -> list[Row]:
    """Return one payment per family and month with an accepted journal."""
    rng = Random(f"payments-{world.country.code}")
    first_received: dict[tuple[str, str], datetime] = {}
    for journal in journals:
        entry = journal.entry
        if entry.mess not in UNACCEPTED:
            key = (entry.month, entry.family_code)
            earlier = first_received.get(key, entry.received_at)
            first_received[key] = min(earlier, entry.received_at)
    return [
        _payment(world, number, key, received_at, rng)
        for number, (key, received_at) in enumerate(
            sorted(first_received.items()), start=1
        )
    ]


def _payment(
    world: World,
    number: int,
    key: tuple[str, str],
    received_at: datetime,
    rng: Random,
) -> Row:
    month, family_code = key
    country = world.country
    due_on = received_at.date() + timedelta(days=DUE_DAYS)
    is_last = month == country.calendar.last_month
    status, days = _payment_status(rng, is_last=is_last)
    paid_on = received_at.date() + timedelta(days=days) if days else None
    return {
        "payment_ref": f"PAY-{country.code}-{number:06d}",
        "family_code": family_code,
        "journal_month": f"{month}-01",
        "amount_local": amount(country.journal_payment),
        "currency_code": country.currency,
        "method_code": rng.choice(("cash", "bank", "mobile", "mobile")),
        "due_date": due_on.isoformat(),
        "paid_date": paid_on.isoformat() if paid_on else "",
        "status_code": status,
    }


def _payment_status(rng: Random, *, is_last: bool) -> tuple[str, int | None]:
    """Return the status and the days from journal to payment, if it was paid."""
    if is_last and happens(rng, 0.1):
        return "due", None
    if happens(rng, 0.005):  # rarely an account that no longer exists
        return "void", None
    if happens(rng, 0.05):
        return "late", rng.randint(DUE_DAYS + 1, DUE_DAYS + 20)
    return "paid", rng.randint(3, DUE_DAYS - 1)


def corrections(world: World, journals: Iterable[SentJournal]) -> list[Row]:
    """Return the country's corrections, still without `correction_ref`."""
    rng = Random(f"corrections-{world.country.code}")
    sent = list(journals)
    approved = [
        _approved(journal, rng) for journal in sent if journal.entry.mess in REASONS
    ]
    if not world.country.has_oddities:
        return approved
    return approved + list(_unapproved(world, sent, rng))


def _approved(journal: SentJournal, rng: Random) -> Row:
    entry = journal.entry
    if entry.mess is MessKind.WRONG_MONTH:
        change = ("reported_month", f"{entry.claimed_month}-01", f"{entry.month}-01")
    else:
        old, new = amount(entry.income or 0), amount(entry.facts.income or 0)
        change = ("income_local", old, new)
    # Decided before the release, as the published figures assume.
    decided_at = entry.received_at + timedelta(days=rng.randint(3, 30), hours=5)
    approved_at = min(decided_at, CUTOFF - timedelta(days=1, seconds=59))
    return _correction(journal, change, "approved", approved_at, rng)


def _unapproved(
    world: World, sent: Iterable[SentJournal], rng: Random
) -> Iterator[Row]:
    panel_b = set(world.truth.roster.panel_b)
    candidates = [
        journal
        for journal in sent
        if journal.entry.mess is MessKind.NONE
        and journal.entry.month == world.country.calendar.end_month
        and journal.entry.family_code in panel_b
    ]
    chosen = rng.sample(candidates, len(UNAPPROVED))
    for status, journal in zip(UNAPPROVED, chosen, strict=True):
        income = journal.entry.income or 0
        change = ("income_local", amount(income), amount(income * 100))
        decided_at = journal.entry.received_at + timedelta(days=rng.randint(3, 20))
        approved_at = decided_at if status == "declined" else None
        yield _correction(journal, change, status, approved_at, rng)


def _correction(
    journal: SentJournal,
    change: tuple[str, str, str],
    status: str,
    decided_at: datetime | None,
    rng: Random,
) -> Row:
    field_name, old_value, new_value = change
    reason = REASONS.get(journal.entry.mess, "unit")
    return {
        "correction_ref": "",
        "form_role_code": "journal",
        "root_id": journal.submission.root_uuid,
        "field_name": field_name,
        "old_value": old_value,
        "new_value": new_value,
        "reason_code": reason,
        "requested_by_code": rng.choice(("family", "liaison", "analyst")),
        "approved_by_code": "data_desk" if decided_at else "",
        "approved_at": f"{decided_at:%Y-%m-%dT%H:%M:%SZ}" if decided_at else "",
        "status_code": status,
    }

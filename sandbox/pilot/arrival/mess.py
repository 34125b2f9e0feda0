"""The journals of the window of the analysis as they arrived: late, twice, wrong.

One stream of draws for all countries, again in an order that must not change: half of
each kind of mess falls on the two ends of the panel, where skipping its repair moves
the headline, and the published wrong answers rest on which families were hit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sandbox.pilot.arrival.entries import Entry, MessKind, version_at, with_minutes
from sandbox.pilot.countries import Country
from sandbox.pilot.months import first_day, shifted
from sandbox.pilot.truth.measures import FamilyMonth
from sandbox.pilot.truth.window import CountryTruth

TEST_CODE = "TEST-00-0000"
TEST_USERNAME = "demo"
TEST_INCOME = 99_999_999
CONFLICT_FACTOR = Decimal("1.5")
EDIT_FACTOR = 3
DELETED_FACTOR = 4
AFTER_CUTOFF_FACTOR = 1.9
# Days after the end of the month.
USUAL_DAYS, LATE_DAYS = (0, 20), (46, 60)
DOUBLED_DAY, EDITED_DAY, DELETED_DAY, REJECTED_DAY = 5, 4, 25, 28
FIRST_CONFLICT_DAY, SECOND_CONFLICT_DAY, AFTER_CUTOFF_DAY = 3, 12, 101

Key = tuple[str, str]


@dataclass(slots=True)
class MessyStream:
    """Draws the entries; two generators, so that minutes do not shift the old draws."""

    rng: Random = field(default_factory=lambda: Random("mess"))
    minutes: Random = field(default_factory=lambda: Random("minutes"))

    def entries(self, truth: CountryTruth) -> Iterator[Entry]:
        """Yield the country's entries; call once per country, in their usual order."""
        kinds = self._pick_kinds(truth)
        for key in sorted(truth.months):
            kind = kinds.get(key, MessKind.NONE)
            yield from self._journal(truth, key, kind)
        yield from self._extra_entries(truth)

    def _pick_kinds(self, truth: CountryTruth) -> dict[Key, MessKind]:
        """Choose which journals go wrong, half of each kind at the panel's ends."""
        panel_b = set(truth.roster.panel_b)
        calendar = truth.country.calendar
        window_ends = {calendar.launch_month, calendar.end_month}
        keys = sorted(truth.months)
        ends = [key for key in keys if key[1] in window_ends and key[0] in panel_b]
        at_ends = set(ends)
        middles = [key for key in keys if key not in at_ends]
        kinds: dict[Key, MessKind] = {}

        def take(kind: MessKind, candidates: list[Key], count: int) -> None:
            free = [key for key in candidates if key not in kinds]
            kinds.update(dict.fromkeys(self.rng.sample(free, count), kind))

        for kind in (
            MessKind.DOUBLED,
            MessKind.CONFLICTING,
            MessKind.EDITED,
            MessKind.MISTYPED_CODE,
            MessKind.WRONG_UNIT,
            MessKind.IN_DOLLARS,
            MessKind.WRONG_MONTH,
            MessKind.LATE,
        ):
            count = getattr(truth.country.mess, kind)
            end_count = 0 if kind is MessKind.WRONG_MONTH else count // 2
            take(kind, ends, end_count)
            take(kind, middles, count - end_count)
        return kinds

    def _journal(
        self, truth: CountryTruth, key: Key, kind: MessKind
    ) -> Iterator[Entry]:
        code, month = key
        facts = truth.months[key]
        match kind:
            case MessKind.DOUBLED:
                yield from self._doubled(code, month, facts)
            case MessKind.CONFLICTING:
                yield from self._conflicting(code, month, facts)
            case MessKind.EDITED:
                entry = self._entry(code, month, facts, EDITED_DAY)
                first_income = _income(facts) * EDIT_FACTOR
                yield replace(entry, mess=kind, first_income=first_income)
            case MessKind.MISTYPED_CODE:
                typed_code = self._mistyped(code)
                entry = self._entry(code, month, facts)
                yield replace(entry, mess=kind, typed_code=typed_code)
            case MessKind.WRONG_UNIT | MessKind.IN_DOLLARS:
                entry = self._entry(code, month, facts)
                wrong = _wrong_amount(truth.country, kind, _income(facts))
                yield replace(entry, mess=kind, income=wrong)
            case MessKind.WRONG_MONTH:
                entry = self._entry(code, month, facts)
                claimed = _neighbour(truth.country, month)
                yield replace(entry, mess=kind, claimed_month=claimed)
            case MessKind.LATE:
                days = self.rng.randint(*LATE_DAYS)
                yield replace(self._entry(code, month, facts, days), mess=kind)
            case _:
                yield self._entry(code, month, facts)

    def _doubled(self, code: str, month: str, facts: FamilyMonth) -> Iterator[Entry]:
        first = self._entry(code, month, facts, DOUBLED_DAY)
        second = self._entry(code, month, facts, DOUBLED_DAY)
        minutes = timedelta(minutes=self.minutes.randint(3, 25))
        yield replace(first, mess=MessKind.DOUBLED)
        yield replace(
            second,
            mess=MessKind.DOUBLED,
            received_at=first.received_at + minutes,
            username=first.username,
        )

    def _conflicting(
        self, code: str, month: str, facts: FamilyMonth
    ) -> Iterator[Entry]:
        first = self._entry(code, month, facts, FIRST_CONFLICT_DAY)
        wrong = Decimal(int(_income(facts) * CONFLICT_FACTOR))
        yield replace(first, mess=MessKind.CONFLICTING, income=wrong)
        second = self._entry(code, month, facts, SECOND_CONFLICT_DAY)
        yield replace(second, mess=MessKind.CONFLICTING)

    def _mistyped(self, code: str) -> str:
        candidates = [
            code.lower(),
            code.replace("-", ""),
            code.replace("0", "O", 1),
            f"{code} ",
        ]
        return self.rng.choice(candidates)

    def _extra_entries(self, truth: CountryTruth) -> Iterator[Entry]:
        """Yield what belongs to no family month: tests, strays, the far too late."""
        mess, panel_b = truth.country.mess, truth.roster.panel_b
        calendar = truth.country.calendar
        launch, end = calendar.launch_month, calendar.end_month
        for _ in range(mess.test):
            yield self._test_entry(truth.country)
        for code in self.rng.sample(panel_b, mess.deleted):
            facts = truth.months[code, end]
            entry = self._entry(code, end, facts, DELETED_DAY)
            wrong = _income(facts) * DELETED_FACTOR
            yield replace(entry, mess=MessKind.DELETED, income=wrong)
        for code in self.rng.sample(panel_b, mess.rejected):
            facts = truth.months[code, launch]
            entry = self._entry(code, launch, facts, REJECTED_DAY)
            yield replace(
                entry,
                mess=MessKind.REJECTED,
                income=Decimal(1),
                review="not_approved",
            )
        for code in truth.roster.panel_a_only[: mess.after_cutoff]:
            facts = _facts_after_cutoff(truth, code)
            entry = self._entry(code, end, facts, AFTER_CUTOFF_DAY)
            yield replace(entry, mess=MessKind.AFTER_CUTOFF)

    def _test_entry(self, country: Country) -> Entry:
        facts = FamilyMonth(
            income=TEST_INCOME,
            savings=9_999_999,
            is_in_circle=True,
            circle_contributed=99_999,
            satisfaction=10,
            control=10,
        )
        month = self.rng.choice(country.calendar.analysis_months)
        entry = self._entry(f"{country.code}-01-0000", month, facts)
        return replace(
            entry, mess=MessKind.TEST, typed_code=TEST_CODE, username=TEST_USERNAME
        )

    def _entry(
        self, code: str, month: str, facts: FamilyMonth, days: int | None = None
    ) -> Entry:
        """Draw when it came and through whom."""
        if days is None:
            days = self.rng.randint(*USUAL_DAYS)
        day = first_day(shifted(month, 1)) + timedelta(days=days)
        hour = datetime.combine(day, time(self.rng.randint(7, 20)), tzinfo=UTC)
        received_at = with_minutes(hour, self.minutes)
        return Entry(
            family_code=code,
            month=month,
            facts=facts,
            income=_income(facts),
            received_at=received_at,
            username=f"liaison_{code[:2].lower()}{self.rng.randint(1, 3)}",
            typed_code=code,
            claimed_month=month,
            version_name=version_at(received_at),
        )


def _income(facts: FamilyMonth) -> Decimal:
    return Decimal(facts.income or 0)


def _wrong_amount(country: Country, kind: MessKind, income: Decimal) -> Decimal:
    if kind is MessKind.IN_DOLLARS:
        return Decimal(round(float(income) / country.local_per_usd))
    factor = country.unit_error
    return income * factor.numerator / factor.denominator


def _neighbour(country: Country, month: str) -> str:
    """Return the month that a confused family claims: the next, within the window."""
    return shifted(month, -1 if month == country.calendar.end_month else 1)


def _facts_after_cutoff(truth: CountryTruth, code: str) -> FamilyMonth:
    """Return the end month of a family that came back after the cut-off."""
    at_launch = truth.months[code, truth.country.calendar.launch_month]
    unit = truth.country.money_unit
    income = int((at_launch.income or 0) * AFTER_CUTOFF_FACTOR / unit) * unit
    return replace(at_launch, income=income)

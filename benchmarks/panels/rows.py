"""Every record that the families of one site send."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

import orjson

from benchmarks.panels.families import Family, families_of
from benchmarks.panels.records import Records, Row
from benchmarks.panels.shape import FAMILIES_PER_GROUP, Panel, PanelSite, instant
from benchmarks.panels.templates import Country, Templates
from sandbox.pilot.months import first_day, last_day, months_between

# Shares of family-months, about the pilot's.
MISSING = 0.07
LATE = 0.05
EDITED = 0.01
DELETED = 0.002
SENT_TWICE = 0.005
# Of what arrives after the first build half is new and half an edit, 1 % together.
ARRIVING_NEW = 0.005
ARRIVING_EDIT = 0.005
ON_TIME_DAYS, LATE_DAYS = 14, 60
INVESTING = 0.9  # of families, once each
MEETING = 0.92  # of groups and months
ATTENDING = 0.93  # of families and meetings
JOURNAL_FEES = {"MX": ("MXN", 200), "CO": ("COP", 40_000), "PH": ("PHP", 500)}
PAYMENT_METHODS = ("cash", "bank", "mobile")
DAY = 86_400


@dataclass(frozen=True, slots=True)
class SiteRows:
    """What one site sends.

    Attributes:
        families: Family code and key of each.
        rows: Rows of raw by the role of their form, those that the first build finds.
        later: Rows of raw by role, of what arrives after it.
    """

    families: list[tuple[str, str]]
    rows: dict[str, list[Row]]
    later: dict[str, list[Row]]


def rows_of(panel: Panel, site: PanelSite, templates: Templates) -> SiteRows:
    """Return every row of one site; the same ones every time."""
    dice = Random(f"{panel.seed}/{panel.months}/{site.code}/{site.families}")
    records = Records(panel, site, dict(templates.form_ids), dice)
    teller = _Teller(panel, site, templates.countries[site.prefix], records, dice)
    country = templates.countries[site.prefix]
    families = list(families_of(panel, site, len(country.histories), dice))
    for family in families:
        teller.enrol(family)
        teller.tell_months(family)
        teller.depart(family)
        teller.invest(family)
    teller.meet(families)
    keys = [(one.code, f"{dice.getrandbits(128):032x}") for one in families]
    return SiteRows(keys, records.rows, records.later)


@dataclass(frozen=True, slots=True)
class _Teller:
    panel: Panel
    site: PanelSite
    country: Country
    records: Records
    dice: Random

    @property
    def months(self) -> tuple[str, ...]:
        return months_between(self.panel.launch_month, self.panel.last_month)

    def enrol(self, family: Family) -> None:
        head = (
            *(self.site.code, family.group_code, family.code),
            *(f"{family.enrolled}", f"{self.panel.recruited_month}-01"),
        )
        template = self.country.histories[family.history].enrolment
        answers = template.written(head, family.factor)
        self.records.add("enrolment", self._on(family.enrolled), answers)

    def tell_months(self, family: Family) -> None:
        journals = self.country.histories[family.history].journals
        for number, month in enumerate(self.months):
            is_told = family.is_in(number) and not family.is_paused(number)
            if is_told and self.dice.random() >= MISSING:
                template = journals[(number + family.offset) % len(journals)]
                head = (
                    *(self.site.code, self._group(family, number), family.code),
                    f"{month}-01",
                )
                factor = family.factor * self.dice.uniform(0.9, 1.1)
                edited = template.written(head, 1.1 * factor)
                self._send(month, template.written(head, factor), edited)
                self._pay(family, month)

    def _send(self, month: str, answers: str, edited: str) -> None:
        """Send a journal, and whatever becomes of it."""
        at = self._on(last_day(month), 1 + self._delay())
        drawn = self.dice.random()
        if drawn < ARRIVING_NEW:
            self.records.add("journal", self._later(), answers, is_later=True)
            return
        sent = self.records.add("journal", at, answers)
        drawn -= ARRIVING_NEW
        if drawn < ARRIVING_EDIT:
            sent.add_version("edited", self._later(), edited, is_later=True)
        elif drawn < (mark := ARRIVING_EDIT + EDITED):
            sent.add_version("edited", at + timedelta(25), edited)
        elif drawn < (mark := mark + DELETED):
            sent.add_version("deleted", at + timedelta(30), None)
        elif drawn < mark + SENT_TWICE:
            self.records.add("journal", at + timedelta(2), edited)

    def _pay(self, family: Family, month: str) -> None:
        currency, fee = JOURNAL_FEES[self.site.prefix]
        due = last_day(month) + timedelta(20)
        is_late = self.dice.random() < LATE
        paid = due + timedelta(7 if is_late else -3)
        line_id = f"PAY-{family.code}-{month}"
        answers = (
            f'{{"due_date":"{due}","paid_date":"{paid}",'
            f'"family_code":"{family.code}",'
            f'"method_code":"{self.dice.choice(PAYMENT_METHODS)}",'
            f'"payment_ref":"{line_id}",'
            f'"status_code":"{"late" if is_late else "paid"}",'
            f'"amount_local":{fee},"currency_code":"{currency}",'
            f'"journal_month":"{month}-01"}}'
        )
        self.records.add("journal_payments", self._on(paid), answers, record_id=line_id)

    def depart(self, family: Family) -> None:
        departure = family.departure
        known = departure and self.country.exits.get(departure.kind)
        if departure is None or not known:
            return
        answers = self.dice.choice(known) | {
            "site_code": self.site.code,
            "peer_group_code": family.group_code,
            "family_code": family.code,
            "exit_date": f"{departure.day}",
        }
        if departure.kind.startswith("move"):
            answers["new_peer_group_code"] = self._next_group(family)
        at = self._on(departure.day, 2)
        self.records.add("exit", at, orjson.dumps(answers).decode())

    def invest(self, family: Family) -> None:
        if self.dice.random() >= INVESTING:
            return
        day = first_day(self.dice.choice(self.months)) + timedelta(3)
        stages = self.dice.choice(self.country.investments)
        for number, name in enumerate(("request", "decision", "followup")):
            if name in stages:
                stage_day = day + timedelta(30 * number)
                head = (
                    *(self.site.code, family.group_code, family.code),
                    *(f"INV-{family.code}", f"{stage_day}"),
                )
                answers = stages[name].written(head, family.factor)
                self.records.add("investment", self._on(stage_day, 1), answers)

    def meet(self, families: list[Family]) -> None:
        groups: dict[str, list[Family]] = {}
        for family in families:
            groups.setdefault(family.group_code, []).append(family)
        for code, members in groups.items():
            for number, month in enumerate(self.months):
                if self.dice.random() < MEETING:
                    present = [
                        one.code
                        for one in members
                        if one.is_in(number - 1) and self.dice.random() < ATTENDING
                    ]
                    self._hold(code, first_day(month), present)

    def _hold(self, group_code: str, month: date, present: list[str]) -> None:
        day = month + timedelta(self.dice.randrange(25))
        answers = self.dice.choice(self.country.meetings) | {
            "site_code": self.site.code,
            "peer_group_code": group_code,
            "meeting_month": f"{month}",
            "meeting_date": f"{day}",
            "attending_family_codes": present,
        }
        if "strategies_shared" in answers:
            answers["strategies_shared"] = [
                line | {"family_code": code}
                for line, code in zip(
                    answers["strategies_shared"], present, strict=False
                )
            ]
        text = orjson.dumps(answers).decode()
        self.records.add("peer_meeting", self._on(day), text)

    def _group(self, family: Family, month: int) -> str:
        departure = family.departure
        if departure and departure.kind == "move_group" and month > departure.month:
            return self._next_group(family)
        return family.group_code

    def _next_group(self, family: Family) -> str:
        """Return the group that a family moves to, in its site or the one before."""
        site, departure = self.site, family.departure
        if departure and departure.kind == "move_site" and site.number > 1:
            return replace(site, number=site.number - 1).group_code(family.place)
        own = family.place // FAMILIES_PER_GROUP
        return site.group_code((own + 1) % site.group_count * FAMILIES_PER_GROUP)

    def _delay(self) -> int:
        """Return after how many days a journal comes."""
        if self.dice.random() < LATE:
            return self.dice.randrange(ON_TIME_DAYS + 2, LATE_DAYS)
        return self.dice.randrange(ON_TIME_DAYS)

    def _on(self, day: date, days_later: int = 0) -> datetime:
        return instant(day + timedelta(days_later), self.dice.randrange(DAY))

    def _later(self) -> datetime:
        return self.panel.arrivals_from + timedelta(seconds=self.dice.randrange(DAY))

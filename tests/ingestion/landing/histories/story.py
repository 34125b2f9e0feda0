"""A plan played: the life of a form, and the moments at which it is pulled."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sandbox.pilot.model import Event, FormVersion
from tests.ingestion.landing.histories.steps import Change, Pull, Step
from tests.ingestion.small_forms import START, Life

FIRST_MOMENT = START + timedelta(days=1)
DECISIONS = ("approved", "not_approved", "on_hold", None)
# Seconds by which a phone is wrong; most are right.
DATED_BACK = (0, 0, 0, 3_600, 400 * 86_400)
AMOUNTS = ("100", "250.5", "none")
MONTHS = ("2021-01-01", "2021-02-01", "2021-03-01")


@dataclass(frozen=True, slots=True)
class Moment:
    """One pull of the story.

    Attributes:
        pull: How it is done.
        at: When it begins, UTC.
        meanwhile: The moments of what happens before its `at_request`-th request.
        only_adds_or_changes: Nothing goes or comes back meanwhile.
    """

    pull: Pull
    at: datetime
    meanwhile: tuple[datetime, ...]
    only_adds_or_changes: bool


@dataclass
class Story(Life):
    """The life of the small journal as a plan has it."""

    # Changes after which the server may count other rows than it listed.
    unsettling: ClassVar[frozenset[str]] = frozenset(("delete", "restore"))

    also_asked: ClassVar[list[dict[str, str]]] = []

    now: datetime = FIRST_MOMENT
    versions: list[FormVersion] = field(default_factory=list)
    live: dict[int, str | None] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._shapes = super().form().versions
        self._shape = 0
        self.versions = [self._shapes[0]]

    def form(self) -> Any:  # noqa: ANN401 - as its kind of server takes it
        """Return the form with all that was played."""
        return replace(super().form(), versions=tuple(self.versions))

    def play(self, steps: list[Step]) -> list[Moment]:
        """Let every change happen; return when the form is pulled."""
        moments = []
        for step in steps:
            if isinstance(step, Change):
                self._change(step)
                continue
            self.now += timedelta(seconds=1)
            begun, meanwhile, kinds = self.now, [], set()
            for change in step.during:
                if self._change(change):
                    meanwhile.append(self.now)
                    kinds.add(change.kind)
            grows = not kinds & self.unsettling and not self._shows_up_late(begun)
            moments.append(Moment(step, begun, tuple(meanwhile), grows))
        return moments

    def _change(self, change: Change) -> bool:
        """Let a change happen where it can; say whether it did."""
        self.now += timedelta(seconds=change.wait)
        among = self._among(change)
        if change.kind == "submit":
            self._submit(change)
        elif change.kind == "redeploy":
            self._redeploy(change)
        elif among:
            return self._change_one(change, among[change.pick % len(among)])
        else:
            return False
        return True

    def _among(self, change: Change) -> list[int]:
        return self.gone if change.kind == "restore" else sorted(self.live)

    def _shows_up_late(self, _begun: datetime) -> bool:
        """Return whether a row that is older than others shows up since."""
        return False

    def _change_one(self, change: Change, number: int) -> bool:
        if change.kind == "edit":
            self.edit(number, self._day, **self._edited(change))
        elif change.kind == "review":
            return self._review(number, DECISIONS[change.value % len(DECISIONS)])
        elif change.kind == "delete":
            self.delete(number, self._day)
            self.gone.append(number)
            del self.live[number]
        else:  # as after a restored backup
            self.gone.remove(number)
            self.live[number] = None
            self.events.append(Event(self.now, "add", number, self._records[number]))
        return True

    @property
    def _day(self) -> float:
        return (self.now - START) / timedelta(days=1)

    def _submit(self, change: Change) -> None:
        number = len(self._records) + 1
        amount = AMOUNTS[change.pick % len(AMOUNTS)]
        answers: dict[str, Any] = {
            "family_code": f"MX-01-{number:04}",
            "ref_month": MONTHS[change.pick % len(MONTHS)],
            "phone": f"555 {number:03}",
        }
        if amount != "none":
            path, item = ("fuentes", "bruto") if self._is_old else _NEW_REPEAT
            answers[path] = [{f"{path}/{item}": amount}] * (1 + change.value % 2)
        self.add(number, self._day, **answers)
        record = self._records[number]
        dated = self.now - timedelta(seconds=DATED_BACK[change.value % len(DATED_BACK)])
        record["_submission_time"] = f"{dated:%Y-%m-%dT%H:%M:%S}"
        record["__version__"] = self.versions[-1].uid
        self.live[number] = None
        self._came(number, change)

    def _came(self, number: int, change: Change) -> None:
        """Add to a submission what only one kind of server knows."""

    def _edited(self, change: Change) -> dict[str, Any]:
        if change.value % 3:
            return {"ref_month": MONTHS[change.value % len(MONTHS)]}
        return {"phone": f"556 {change.value:03}"}

    def _review(self, number: int, decision: str | None) -> bool:
        if decision is None and self.live[number] is None:
            return False  # there is nothing to take back
        self.live[number] = decision
        self.review(number, self._day, decision)
        return True

    @property
    def _is_old(self) -> bool:
        return self._shape == 0

    def _redeploy(self, change: Change) -> None:
        """Deploy another version; its questions are renamed, dropped or the same."""
        self._shape = change.value % len(self._shapes)
        shape = self._shapes[self._shape]
        number = len(self.versions) + 1
        survey = [*shape.content["survey"], *self.also_asked]
        if change.pick % 3 == 0:
            survey = [row for row in survey if row.get("name") != "phone"]
        name = self._version_name(shape.name, number, change)
        content = {**shape.content, "survey": survey, "settings": {"version": name}}
        uid = f"vSmallJournalVersion{number:02}"
        self.versions.append(FormVersion(uid, name, self.now, content))

    def _version_name(self, name: str, number: int, _change: Change) -> str:
        """Return what to call a version of a shape that was called `name`."""
        return name if _change.pick % 2 else f"20220101{number:02}"


_NEW_REPEAT = ("income/sources", "gross")

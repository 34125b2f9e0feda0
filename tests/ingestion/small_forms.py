"""A small journal with two versions, whose life a test writes down event by event."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.pilot.model import Event, Form, FormVersion, Record

UID = "aSmallJournalForTests1"
OLD, NEW = "vSmallJournalVersion01", "vSmallJournalVersion02"
START = datetime(2021, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    """Return a moment that many days after the form's first deployment."""
    return START + timedelta(days=number)


def _content(version: str, *questions: tuple[str, str]) -> dict[str, Any]:
    survey = []
    for place, (kind, path) in enumerate(questions):
        row = {"type": kind, "$kuid": f"{version[-4:]}{place:05}"}
        if not kind.startswith("end_"):
            row |= {"name": path.rsplit("/", 1)[-1], "$xpath": path}
        survey.append(row)
    return {
        "schema": "1",
        "survey": survey,
        "choices": [],
        "settings": {"version": version},
        "translated": [],
        "translations": [None],
    }


def _versions() -> tuple[FormVersion, ...]:
    shared = (("text", "family_code"), ("date", "ref_month"), ("text", "phone"))
    old = _content(
        "2020070101",
        *shared,
        ("begin_repeat", "fuentes"),
        ("decimal", "fuentes/bruto"),
        ("end_repeat", ""),
    )
    new = _content(
        "2021010401",
        *shared,
        ("begin_group", "income"),
        ("begin_repeat", "income/sources"),
        ("decimal", "income/sources/gross"),
        ("end_repeat", ""),
        ("end_group", ""),
        ("text", "mood"),
    )
    return (
        FormVersion(OLD, "2020070101", day(0), old),
        FormVersion(NEW, "2021010401", day(50), new),
    )


@dataclass
class Life:
    """What happens to the submissions of the small journal."""

    events: list[Event] = field(default_factory=list)
    _records: dict[int, Record] = field(default_factory=dict)
    _edits: int = 0

    def add(self, number: int, on_day: float, **answers: Any) -> None:  # noqa: ANN401
        """Send in a submission; without answers it tells of one income of 100."""
        at = day(on_day)
        root = f"00000000-0000-4000-8000-{number:012}"
        given = answers or {
            "family_code": f"MX-01-{number:04}",
            "ref_month": "2021-01-01",
            "phone": "555 000 000",
            "fuentes": [{"fuentes/bruto": "100"}],
        }
        record = {
            "_id": number,
            "_attachments": [],
            **given,
            "__version__": OLD if at < day(50) else NEW,
            "meta/instanceID": f"uuid:{root}",
            "meta/rootUuid": f"uuid:{root}",
            "_uuid": root,
            "_xform_id_string": UID,
            "_status": "submitted_via_web",
            "_geolocation": [None, None],
            "_submission_time": f"{at:%Y-%m-%dT%H:%M:%S}",
            "_submitted_by": None,
        }
        self._records[number] = record
        self.events.append(Event(at, "add", number, record))

    def edit(self, number: int, on_day: float, **answers: Any) -> None:  # noqa: ANN401
        """Change answers of a submission, as a reviewer in the browser does."""
        self._edits += 1
        before = self._records[number]
        instance = f"00000000-0000-4000-9000-{self._edits:012}"
        record = {
            **before,
            **answers,
            "meta/instanceID": f"uuid:{instance}",
            "meta/deprecatedID": before["meta/instanceID"],
            "_uuid": instance,
        }
        self._records[number] = record
        self.events.append(Event(day(on_day), "edit", number, record))

    def review(self, number: int, on_day: float, decision: str | None) -> None:
        """Decide on a submission; None takes the decision back."""
        self.events.append(Event(day(on_day), "review", number, review=decision))

    def delete(self, number: int, on_day: float) -> None:
        """Delete a submission."""
        self.events.append(Event(day(on_day), "delete", number))

    def form(self) -> Form:
        """Return the form with all that has been written down."""
        events = tuple(sorted(self.events, key=lambda event: event.at))
        return Form(UID, "journal", "Small journal", _versions(), events)


def forty(life: Life) -> Life:
    """Send in forty submissions within the first ten days."""
    for number in range(1, 41):
        life.add(number, number / 4)
    return life

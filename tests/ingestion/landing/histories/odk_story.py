"""A plan played on ODK Central, with what only Central has."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sandbox.odk.stored.converted import central_form
from sandbox.odk.stored.model import CentralForm, Happening, Kind
from sandbox.odk.stored.state import TRASH_DAYS
from sandbox.pilot.model import Record
from tests.ingestion.landing.histories.steps import Change
from tests.ingestion.landing.histories.story import Story

PAGE_SIZE = 3  # see `Access`
REVIEWER = "admin@example.org"
PHOTO = {"type": "image", "name": "photo", "$xpath": "photo", "$kuid": "photo0001"}
# How long an upload lasts; the longest is longer than the window that is asked for.
UPLOADS = tuple(timedelta(seconds=one) for one in (0, 0, 20, 0, 300, 0, 7_200))


@dataclass
class OdkStory(Story):
    """The life of the small journal, which asks for a photo, on Central.

    Attributes:
        visible_at: When a slow upload was through, by number.
        photos: The photo that a submission announces, until it comes.
        deleted_at: Of what is in the trash.
    """

    # An edit too: what is read beside a row must be of the version that the row shows.
    unsettling: ClassVar[frozenset[str]] = frozenset(
        ("edit", "delete", "restore", "wipe", "redeploy")
    )
    also_asked: ClassVar[list[dict[str, str]]] = [PHOTO]

    visible_at: dict[int, datetime] = field(default_factory=dict)
    photos: dict[int, str] = field(default_factory=dict)
    deleted_at: dict[int, datetime] = field(default_factory=dict)
    _happenings: list[Happening] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        first = self.versions[0]
        survey = [*first.content["survey"], PHOTO]
        self.versions = [replace(first, content={**first.content, "survey": survey})]

    def form(self) -> CentralForm:  # type: ignore[override]  # Central's own kind
        """Return the form as Central has it, with all that was played."""
        form = central_form(super().form(), REVIEWER)
        late = {_root(number): at for number, at in self.visible_at.items()}
        happenings = [
            replace(one, visible_at=late.get(one.root_id)) if one.kind == "add" else one
            for one in (*form.happenings, *self._happenings)
        ]
        happenings.sort(key=lambda one: one.at)
        return replace(form, happenings=tuple(happenings))

    def _among(self, change: Change) -> list[int]:
        if change.kind in ("restore", "purge"):
            return [
                number
                for number in self.gone
                if self.deleted_at[number] + TRASH_DAYS > self.now
            ]
        seen = [
            number
            for number in sorted(self.photos if change.kind == "attach" else self.live)
            if number in self.live and self.visible_at.get(number, self.now) <= self.now
        ]
        # With it goes what the next page would begin after.
        return seen[-PAGE_SIZE::-PAGE_SIZE] if change.kind == "wipe" else seen

    def _shows_up_late(self, _begun: datetime) -> bool:
        return any(_begun < at <= self.now for at in self.visible_at.values())

    def _change_one(self, change: Change, number: int) -> bool:
        if change.kind == "attach":
            self._happen("attach", number, self.photos.pop(number))
        elif change.kind == "purge":
            self._happen("purge", number)
            self.gone.remove(number)
        elif change.kind == "wipe":
            self.delete(number, self._day)
            self._happen("purge", number)
            del self.live[number]
        elif change.kind == "restore":
            self._happen("restore", number)
            self.gone.remove(number)
            self.live[number] = None
        else:
            self.deleted_at[number] = self.now
            return super()._change_one(change, number)
        return True

    def _happen(self, kind: Kind, number: int, *files: str) -> None:
        self._happenings.append(
            Happening(self.now, kind, _root(number), by=REVIEWER, files=files)
        )

    def _came(self, number: int, change: Change) -> None:
        record = self._records[number]
        if not self._asks_phone(record):  # then no phone sends one
            del record["phone"]
        lasts = UPLOADS[change.pick % len(UPLOADS)]
        if lasts:
            self.visible_at[number] = self.now + lasts
        if change.value % 2:
            self.photos[number] = f"house-{number}.png"
            record["photo"] = self.photos[number]

    def _edited(self, change: Change) -> dict[str, Any]:
        edited = super()._edited(change)
        if change.value % 2:  # with the form as it now is
            edited["__version__"] = self.versions[-1].uid
        return edited

    def _asks_phone(self, record: Record) -> bool:
        (version,) = (v for v in self.versions if v.uid == record["__version__"])
        return any(row.get("name") == "phone" for row in version.content["survey"])

    def _review(self, number: int, decision: str | None) -> bool:
        """Decide; to take back what is none moves the time of it and nothing else."""
        self.review(number, self._day, decision)
        return True

    def _version_name(self, name: str, number: int, _change: Change) -> str:
        """Return a name that the form never had, as Central wants it."""
        return f"{name[:8]}{number:02}"


def _root(number: int) -> str:
    return f"uuid:00000000-0000-4000-8000-{number:012}"

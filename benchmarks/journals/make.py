"""Any number of journals of the real form, made by varying those of the pilot."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.pilot import Form, build_pilot

Journal = dict[str, Any]
FIRST_ID = 1_000_001
SEED = 20_200_701
# The largest answer in each of them that is still a count or a code, not money.
LARGEST_COUNT = 24
# What an edit of a journal changes, beside its identity.
EDITED_ANSWER = "j/savings/sav_balance"


@dataclass(frozen=True, slots=True)
class JournalMaker:
    """Makes journals whose ids count up from `FIRST_ID`; the same ones every time.

    Each is one of the pilot's with other identities, family, times and amounts: equal
    rows would flatter whoever compresses or remembers what it has seen.

    Attributes:
        form: The pilot's journal form.
        originals: The pilot's journals as they came in.
    """

    form: Form
    originals: tuple[Journal, ...]

    @classmethod
    def of_pilot(cls) -> "JournalMaker":
        """Return a maker of journals like the pilot's."""
        form = build_pilot().form("journal")
        return cls(
            form,
            tuple(
                event.record
                for event in form.events
                if event.kind == "add" and event.record
            ),
        )

    def journals(self, count: int) -> Iterator[Journal]:
        """Yield `count` journals."""
        dice = random.Random(SEED)
        for place in range(count):
            original = self.originals[place % len(self.originals)]
            yield varied(original, FIRST_ID + place, dice)


def varied(original: Journal, journal_id: int, dice: random.Random) -> Journal:
    """Return `original` as another family's journal."""
    uuid = new_uuid(dice)
    family = f"{original['site_code']}-{dice.randrange(10_000):04}"
    begun, ended = dice.randrange(1_800), dice.randrange(1_800, 3_600)
    journal = {key: _other_amount(value, dice) for key, value in original.items()}
    journal |= {
        "_id": journal_id,
        "_uuid": uuid,
        "meta/instanceID": f"uuid:{uuid}",
        "meta/rootUuid": f"uuid:{uuid}",
        "deviceid": f"collect:{dice.getrandbits(64):016x}",
        "family_code": family,
        "journal_key": f"{family}|{original['ref_month_key']}",
        "start": _within_hour(original["start"], begun),
        "end": _within_hour(original["end"], ended),
        "_submission_time": _within_hour(original["_submission_time"], ended),
        "_validation_status": {},
    }
    return journal


def edited(journal: Journal, dice: random.Random) -> Journal:
    """Return `journal` as it stands after a family corrected an amount."""
    uuid = new_uuid(dice)
    return journal | {
        "_uuid": uuid,
        "meta/instanceID": f"uuid:{uuid}",
        "meta/deprecatedID": journal["meta/instanceID"],
        EDITED_ANSWER: str(dice.randrange(1_000, 100_000)),
    }


def new_uuid(dice: random.Random) -> str:
    """Return 128 random bits as a UUID is written."""
    digits = f"{dice.getrandbits(128):032x}"
    return "-".join(
        (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    )


def scalar_count(journal: Journal) -> int:
    """Return how many answers a journal holds beside its repeats."""
    return sum(
        not key.startswith(("_", "meta/", "formhub/")) and not isinstance(value, list)
        for key, value in journal.items()
    )


def _other_amount(value: Any, dice: random.Random) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [
            {key: _other_amount(inner, dice) for key, inner in item.items()}
            if isinstance(item, dict)
            else item
            for item in value
        ]
    if isinstance(value, str) and value.isdecimal() and int(value) > LARGEST_COUNT:
        # Families round; so do we, to ten where they did.
        step = 10 if value.endswith("0") else 1
        return str(round(int(value) * dice.uniform(0.7, 1.4) / step) * step)
    return value


def _within_hour(instant: str, seconds: int) -> str:
    """Return an ISO instant at another second of its hour."""
    return f"{instant[:14]}{seconds // 60:02}:{seconds % 60:02}{instant[19:]}"

"""A clean-up of the raw journals in plain Python, to check the warehouse against.

It reads nothing but what the form server and the data desk have. Each repair can be
left out, to see what the headline would then wrongly say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sandbox.pilot.forms.assets import JOURNAL_VERSION_UIDS
from sandbox.pilot.forms.renames import FIVE_POINT_SATISFACTION, JOURNAL_RENAMES
from sandbox.pilot.model import Event, Record, Row
from sandbox.pilot.records.submissions import CUTOFF
from sandbox.pilot.truth.families import Family
from sandbox.pilot.truth.measures import FamilyMonth

PROGRAMME_TYPES = {"cii_pay", "cii_inv"}
INCOME_PATH = "j/income/inc_src"
VERSION_NAMES = {uid: name for name, uid in JOURNAL_VERSION_UIDS.items()}
# The trial's five points are another question: they are mapped to nothing.
PRESENT_PATHS = {
    name: {old: new for new, old in renames.items() if old != FIVE_POINT_SATISFACTION}
    for name, renames in JOURNAL_RENAMES.items()
}
TEST_PREFIX = "TEST"

Months = dict[tuple[str, str], FamilyMonth]


@dataclass(frozen=True, slots=True)
class Repairs:
    """Which repairs are made; leaving one out is a trap."""

    removes_duplicates: bool = True
    sees_edits: bool = True
    sees_deletions: bool = True
    repairs_codes: bool = True
    applies_corrections: bool = True
    leaves_out_rejected: bool = True
    respects_cutoff: bool = True
    maps_old_versions: bool = True


@dataclass(slots=True)
class _Row:
    """One submission as the server last had it, and its first content."""

    first: Record
    last: Record
    received_at: datetime
    review: str = "none"
    is_deleted: bool = False


def clean_journals(
    events: Iterable[Event],
    corrections: Iterable[Row],
    families: Mapping[str, Family],
    repairs: Repairs,
) -> Months:
    """Return what each family had in each month, as far as the repairs let one see."""
    approved = _approved_corrections(corrections) if repairs.applies_corrections else {}
    months: Months = {}
    for row in _accepted(_rows(events), repairs):
        record = _readable(row.last if repairs.sees_edits else row.first, repairs)
        changes = approved.get(record["meta/rootUuid"].removeprefix("uuid:"), {})
        code = record["family_code"]
        code = normalised_code(code) if repairs.repairs_codes else code
        facts = _facts(record, changes)
        if code not in families or facts is None:
            continue
        month = str(changes.get("reported_month", record["ref_month"]))[:7]
        if not repairs.removes_duplicates and (code, month) in months:
            facts = _added(months[code, month], facts)
        months[code, month] = facts
    return months


def normalised_code(typed: str) -> str:
    """Return the family code that was meant: capitals, zeros for Os, dashes."""
    code = typed.strip().upper()
    country, number = code[:2], code[2:].replace("O", "0")
    digits = "".join(character for character in number if character.isalnum())
    return f"{country}-{digits[:2]}-{digits[2:]}"


def _rows(events: Iterable[Event]) -> dict[int, _Row]:
    rows: dict[int, _Row] = {}
    for event in events:
        if event.kind == "add" and event.record is not None:
            rows[event.submission_id] = _Row(event.record, event.record, event.at)
        elif event.kind == "edit" and event.record is not None:
            rows[event.submission_id].last = event.record
        elif event.kind == "review" and event.review is not None:
            rows[event.submission_id].review = event.review
        elif event.kind == "delete":
            rows[event.submission_id].is_deleted = True
    return rows


def _accepted(rows: Mapping[int, _Row], repairs: Repairs) -> Iterator[_Row]:
    """Yield the rows that count, oldest first, so that the latest wins."""
    in_order = sorted(rows.items(), key=lambda item: (item[1].received_at, item[0]))
    for _, row in in_order:
        is_test = row.last["family_code"].startswith(TEST_PREFIX)
        is_gone = repairs.sees_deletions and row.is_deleted
        is_late = repairs.respects_cutoff and row.received_at > CUTOFF
        is_refused = row.review == "on_hold" or (
            repairs.leaves_out_rejected and row.review == "not_approved"
        )
        if not (is_test or is_gone or is_late or is_refused):
            yield row


def _readable(record: Record, repairs: Repairs) -> Record:
    """Return the record under the present names."""
    if not repairs.maps_old_versions:
        return record
    paths = PRESENT_PATHS[VERSION_NAMES[record["__version__"]]]
    return _renamed(record, paths) if paths else record


def _renamed(record: Record, paths: Mapping[str, str]) -> Record:
    renamed = dict(record)
    for old in paths.keys() & record.keys():
        answer = renamed.pop(old)
        if isinstance(answer, list):
            answer = [_renamed(item, paths) for item in answer]
        renamed[paths[old]] = answer
    return renamed


def _facts(record: Record, changes: Mapping[str, str]) -> FamilyMonth | None:
    if "income_local" in changes:
        income: Decimal | None = Decimal(changes["income_local"])
    else:
        income = _stated_income(record)
    if income is None:
        return None
    return FamilyMonth(
        income=float(income),  # a wrong unit leaves fractions
        savings=int(_money(record, "j/savings/sav_balance")),
        is_in_circle=record["j/circle/lc_in"] == "yes",
        circle_contributed=int(_money(record, "j/circle/lc_contrib")),
        satisfaction=int(record.get("j/wellbeing/sat_living", -1)),
        control=int(record["j/wellbeing/control_life"]),
        given=int(
            _money(record, "j/sharing/give_cash")
            + _money(record, "j/sharing/give_kind")
        ),
    )


def _money(record: Record, path: str) -> Decimal:
    return Decimal(record.get(path, "0"))


def _stated_income(record: Record) -> Decimal | None:
    stated = record.get("j/income/inc_any")
    if stated == "no":
        return Decimal(0)
    if stated != "yes":
        return None
    return sum(
        (
            Decimal(source[f"{INCOME_PATH}/inc_gross"])
            - Decimal(source.get(f"{INCOME_PATH}/inc_cost", "0"))
            for source in record[INCOME_PATH]
            if source[f"{INCOME_PATH}/inc_type"] not in PROGRAMME_TYPES
        ),
        start=Decimal(0),
    )


def _approved_corrections(corrections: Iterable[Row]) -> dict[str, dict[str, str]]:
    changes: dict[str, dict[str, str]] = {}
    for row in corrections:
        if row["status_code"] == "approved":
            fields = changes.setdefault(row["root_id"], {})
            fields[row["field_name"]] = row["new_value"]
    return changes


def _added(earlier: FamilyMonth, later: FamilyMonth) -> FamilyMonth:
    """Return both rows' money together, as a sum without de-duplication would."""
    return FamilyMonth(
        income=(earlier.income or 0) + (later.income or 0),
        savings=(earlier.savings or 0) + (later.savings or 0),
        is_in_circle=later.is_in_circle,
        circle_contributed=earlier.circle_contributed + later.circle_contributed,
        satisfaction=later.satisfaction,
        control=later.control,
        given=earlier.given + later.given,
    )

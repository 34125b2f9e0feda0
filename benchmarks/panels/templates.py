"""The pilot's answers, made ready to be written for other families."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from benchmarks.panels.shape import SITES_LIKE
from ingestion.answers.reading import AnswerReader
from ingestion.registry import Registry, load_registry
from ingestion.registry.entries import Site
from ingestion.sources.kobo.definitions import read_questions
from sandbox.pilot import Form, build_pilot

Answers = dict[str, Any]
AMOUNT = "\x00"  # stands where an amount is written; no answer holds it
WELL_FORMED = re.compile(r"([A-Z]{2})-\d\d-\d{4}")
# What each kind of record says anew for every family; the rest is as in the pilot.
JOURNAL_HEAD = ("site_code", "peer_group_code", "family_code", "reported_month")
ENROLMENT_HEAD = (
    *("site_code", "peer_group_code", "family_code"),
    *("enrolled_date", "baseline_month"),
)
STAGE_HEAD = (
    *("site_code", "peer_group_code", "family_code"),
    *("investment_code", "stage_date"),
)
FEWEST_JOURNALS = 12  # a shorter history would be told too often in one site


@dataclass(frozen=True, slots=True)
class Template:
    """Answers as JSON, with gaps for what is said anew and for amounts of money.

    Attributes:
        text: With a `%s` for each answer of the head and a `%d` for each amount.
        amounts: The pilot's, in the order of their gaps.
    """

    text: str
    amounts: tuple[float, ...]

    @classmethod
    def of(cls, answers: Answers, head: tuple[str, ...]) -> "Template":
        """Make a template of a record's answers."""
        amounts: list[float] = []
        rest = {
            name: _without_amounts(name, answer, amounts)
            for name, answer in answers.items()
            if name not in head
        }
        body = orjson.dumps(rest).decode().replace("%", "%%")
        gaps = "".join(f'"{name}":"%s",' for name in head)
        return cls(f"{{{gaps}{body[1:]}".replace('"\\u0000"', "%d"), tuple(amounts))

    def written(self, head: tuple[str, ...], factor: float) -> str:
        """Return JSON with the head filled in and every amount times `factor`."""
        return self.text % (*head, *[round(one * factor) for one in self.amounts])


@dataclass(frozen=True, slots=True)
class History:
    """What one family of the pilot told.

    Attributes:
        enrolment: Its baseline.
        journals: By month, in order.
    """

    enrolment: Template
    journals: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """What the families of one country told.

    Attributes:
        histories: One per family that told long enough.
        investments: The stages of each, by the name of the stage.
        meetings: Answers of peer-group meetings.
        exits: Answers of exit forms, by their kind.
    """

    histories: tuple[History, ...]
    investments: tuple[Mapping[str, Template], ...]
    meetings: tuple[Answers, ...]
    exits: Mapping[str, tuple[Answers, ...]]


@dataclass(frozen=True, slots=True)
class Templates:
    """Everything that panels are made of.

    Attributes:
        likes: The pilot's site that those of a country are like, by the prefix.
        countries: What families told there, by the same.
        form_ids: Of each role's form.
        versions: Rows of `raw.forms__versions`, without the run.
    """

    likes: dict[str, Site]
    countries: Mapping[str, Country]
    form_ids: Mapping[str, str]
    versions: tuple[Mapping[str, Any], ...]


def templates_of_pilot() -> Templates:
    """Read the pilot's records as landing does and return what they hold."""
    pilot, registry = build_pilot(), load_registry()
    read = {form.role: _read(form, registry) for form in pilot.forms}
    likes = {code[:2]: registry.sites[code] for code in SITES_LIKE}
    return Templates(
        likes,
        {prefix: _country(prefix, read) for prefix in likes},
        {form.role: form.form_id for form in registry.forms},
        tuple(row for form in pilot.forms for row in _versions(form)),
    )


def _read(form: Form, registry: Registry) -> list[Answers]:
    """Return the answers of every record as it first came."""
    field_map = next(one.field_map for one in registry.forms if one.role == form.role)
    reader = AnswerReader(field_map)
    names = {version.uid: version.name for version in form.versions}
    return [
        reader.read(event.record, names[event.record["__version__"]]).answers
        for event in form.events
        if event.kind == "add" and event.record
    ]


def _country(prefix: str, read: Mapping[str, list[Answers]]) -> Country:
    of_here = {
        role: [one for one in records if one["site_code"].startswith(prefix)]
        for role, records in read.items()
    }
    exits: dict[str, list[Answers]] = {}
    for one in of_here["exit"]:
        exits.setdefault(one["exit_kind_code"], []).append(one)
    return Country(
        tuple(_histories(of_here["enrolment"], of_here["journal"])),
        tuple(_investments(of_here["investment"])),
        tuple(of_here["peer_meeting"]),
        {kind: tuple(records) for kind, records in exits.items()},
    )


def _histories(enrolments: list[Answers], journals: list[Answers]) -> list[History]:
    months: dict[str, dict[str, Answers]] = {}
    for one in journals:
        if WELL_FORMED.fullmatch(one["family_code"]):
            months.setdefault(one["family_code"], {})[one["reported_month"]] = one
    return [
        History(
            Template.of(enrolment, ENROLMENT_HEAD),
            tuple(Template.of(told[month], JOURNAL_HEAD) for month in sorted(told)),
        )
        for enrolment in enrolments
        if len(told := months.get(enrolment["family_code"], {})) >= FEWEST_JOURNALS
    ]


def _investments(stages: list[Answers]) -> list[Mapping[str, Template]]:
    grouped: dict[str, dict[str, Template]] = {}
    for one in stages:
        template = Template.of(one, STAGE_HEAD)
        grouped.setdefault(one["investment_code"], {})[one["stage_code"]] = template
    return [by_stage for by_stage in grouped.values() if "request" in by_stage]


def _versions(form: Form) -> list[dict[str, Any]]:
    return [
        {
            "form_id": form.uid,
            "form_version_id": version.uid,
            "form_version_name": version.name,
            "version_number": number,
            "deployed_at": version.deployed_at,
            "definition": "{}",
            "questions": orjson.dumps(read_questions(version.content)).decode(),
        }
        for number, version in enumerate(form.versions, start=1)
    ]


def _without_amounts(name: str, answer: Any, amounts: list[float]) -> Any:  # noqa: ANN401 - JSON
    """Return the answer with a mark in place of every amount, which is noted."""
    if isinstance(answer, list):
        return [
            {key: _without_amounts(key, one, amounts) for key, one in item.items()}
            if isinstance(item, dict)
            else item
            for item in answer
        ]
    if name.endswith("_local"):
        amounts.append(answer)
        return AMOUNT
    return answer

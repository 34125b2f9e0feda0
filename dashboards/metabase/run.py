"""Plan, apply, prune and check: the whole way from specs to a Metabase."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dashboards.metabase.access import Reader, load_readers
from dashboards.metabase.applying.connections import write_connections
from dashboards.metabase.applying.descriptions import write_descriptions
from dashboards.metabase.applying.mail import read_recipients, write_mail
from dashboards.metabase.applying.pen import Change, Pen
from dashboards.metabase.applying.permissions import (
    rights_of,
    write_groups,
    write_rights,
)
from dashboards.metabase.applying.writing import Writer
from dashboards.metabase.plan import Doing, Plan, Step, make_plan, to_write
from dashboards.metabase.settings import Settings, is_configured, read_settings
from dashboards.metabase.signing_in import Instance, open_transport, sign_in
from dashboards.metabase.there.reading import There, read_databases, read_there
from dashboards.metabase.transport import Transport
from dashboards.metabase.wanted.compiling import compile_content
from dashboards.metabase.wanted.things import Content
from dashboards.metabase.warehouse_facts import WarehouseFacts, read_facts
from dashboards.spec_file import SPECS, load_specs
from pages import Language, says_synthetic

_log = logging.getLogger(__name__)
OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, or would be.

    Attributes:
        version: Of Metabase.
        plan: Of collections, cards and dashboards, as it was before.
        changes: Everything written, or that would be.
        left_alone: What somebody edited by hand and was not overwritten.
        notices: What a person should know.
        failures: Of a check: one sentence each.
    """

    version: str
    plan: Plan
    changes: tuple[Change, ...]
    left_alone: tuple[Step, ...] = ()
    notices: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(slots=True)
class Work:
    """One Metabase, one warehouse, and what stands between them.

    Attributes:
        settings: From the environment.
        transport: Of an administrator, once `instance` is known.
        readers: From the registry.
        content: What managed collections should hold.
        facts: Of the warehouse.
        warehouse_url: Its address; None takes `WAREHOUSE_URL`.
        on_step: Told what is done next.
    """

    settings: Settings
    transport: Transport
    readers: tuple[Reader, ...]
    content: Content
    facts: WarehouseFacts
    warehouse_url: str | None = None
    on_step: OnStep = field(default=lambda _: None)

    def sign_in(self, *, may_set_up: bool = False) -> Instance:
        """Log in; set Metabase up where nobody has and that is wanted."""
        self.on_step("Logging in to Metabase")
        return sign_in(self.transport, self.settings, may_set_up=may_set_up)

    def read(self) -> There:
        """Return what is there."""
        return read_there(self.transport, self.content, self.on_step)


def prepare(  # noqa: PLR0913 - one line of choices, all by name
    *,
    settings: Settings | None = None,
    transport: Transport | None = None,
    url: str | None = None,
    languages: Sequence[Language] | None = None,
    specs: Path = SPECS,
    registry: Path | None = None,
    is_synthetic: bool | None = None,
    on_step: OnStep = lambda _: None,
) -> Work:
    """Read specs, registry and warehouse, and compile what Metabase should hold.

    Args:
        settings: None takes them from the environment.
        transport: How Metabase is spoken to; None makes one from the settings.
        url: The warehouse. None takes `WAREHOUSE_URL`.
        languages: Which languages to make. None takes those of each reader.
        specs: The folder of specs.
        registry: None takes `JOURNAL_SITES`, or `ingestion/sites.yml`.
        is_synthetic: Whether dashboards say that data are synthetic; None takes
            `DASHBOARDS_SYNTHETIC`.
        on_step: Told what is done next.

    Raises:
        DashboardError: A setting, the registry, a spec or a query is wrong.
        WarehouseError: The warehouse cannot be reached.
    """
    known = settings or read_settings()
    on_step("Reading specs and warehouse")
    found = load_specs(specs)
    readers = load_readers(registry)
    facts = read_facts(url, found)
    content = compile_content(
        found,
        readers,
        languages,
        facts.facts,
        is_synthetic=says_synthetic() if is_synthetic is None else is_synthetic,
    )
    return Work(
        known,
        transport or open_transport(known),
        readers,
        content,
        facts,
        url,
        on_step,
    )


def apply_where_configured() -> Outcome | None:
    """Apply every spec to the Metabase of the environment; None where none is named.

    Raises:
        DashboardError: The first thing that is wrong.
        WarehouseError: The warehouse cannot be reached.
    """
    if not is_configured():
        return None
    outcome = apply(prepare())
    for step in outcome.left_alone:
        _log.warning("Edited by hand and left alone: %s %s", step.kind, step.key)
    for notice in outcome.notices:
        _log.warning(notice)
    return outcome


def plan(work: Work) -> Outcome:
    """Return what apply would do; nothing is written.

    Raises:
        MetabaseError: Metabase cannot be read. It has to be set up already.
    """
    instance = work.sign_in()
    pen = Pen(is_dry=True)
    there = work.read()
    _write_access(work, there, pen)
    write_descriptions(
        work.transport, there, work.readers, work.facts.descriptions, pen
    )
    _write_rights(work, there, pen)
    made = make_plan(work.content, there)
    pen.changes += [
        _change(step)
        for step in to_write(made, overwrite=False)
        if step.doing is not Doing.SAME
    ]
    _write_mail(work, instance, there, pen)
    return _outcome(instance, made, pen, overwrite=False)


def apply(work: Work, *, overwrite: bool = False) -> Outcome:
    """Bring Metabase to what specs and registry say; twice makes no change.

    Args:
        work: From `prepare`.
        overwrite: Put back also what somebody edited by hand.

    Raises:
        MetabaseChangedError: Somebody changes things at the same time.
        MetabaseError: Metabase refuses something or cannot be reached; running again
            goes on where it stopped.
    """
    instance = work.sign_in(may_set_up=True)
    pen = Pen(is_dry=False)
    first = There()
    read_databases(work.transport, first)
    work.on_step("Connecting Metabase to the warehouse")
    _write_access(work, first, pen)
    there = work.read()
    work.on_step("Describing tables and columns")
    write_descriptions(
        work.transport, there, work.readers, work.facts.descriptions, pen
    )
    # Before anything can be seen, so that nothing is seen by others meanwhile.
    _write_rights(work, there, pen)
    made = make_plan(work.content, there)
    _write_content(work, there, made, pen, overwrite=overwrite)
    work.on_step("Permissions and subscriptions")
    _write_mail(work, instance, there, pen)
    _write_rights(work, there, pen)
    return _outcome(instance, made, pen, overwrite=overwrite)


def prune(work: Work) -> Outcome:
    """Put what no spec asks for into Metabase's trash; write nothing else.

    Raises:
        MetabaseError: Metabase refuses, or somebody changed one meanwhile.
    """
    instance = work.sign_in()
    pen = Pen(is_dry=False)
    there = work.read()
    made = make_plan(work.content, there)
    writer = Writer(work.transport, there)
    for step in made.of(Doing.ORPHAN):
        pen.write(step.kind, step.name, "archive", partial(writer.archive, step))
    return _outcome(instance, made, pen, overwrite=False)


def check(work: Work) -> Outcome:
    """Run every card in Metabase and look whether rights are as they should be.

    Raises:
        MetabaseError: Metabase cannot be read.
    """
    instance = work.sign_in()
    pen = Pen(is_dry=True)
    there = work.read()
    _write_rights(work, there, pen)
    failures = [
        f"Permissions of {change.name} are not as they should be: apply again."
        for change in pen.changes
    ]
    failures += _failing_cards(work, there)
    made = make_plan(work.content, there)
    return Outcome(instance.version, made, (), failures=tuple(failures))


def _failing_cards(work: Work, there: There) -> list[str]:
    failures = []
    for card in work.content.cards:
        number = there.symbols.cards.get(card.key)
        if number is None:
            failures.append(f"{card.key} is not there: apply first.")
            continue
        work.on_step(f"Running {card.name}")
        answer = work.transport.ask(f"/api/card/{number}/query", {})
        if answer.get("status") != "completed":
            reason = work.transport.without_secrets(str(answer.get("error")))
            failures.append(f"{card.key} fails: {reason.splitlines()[0]}")
    return failures


def _write_access(work: Work, there: There, pen: Pen) -> None:
    write_connections(
        work.transport,
        there,
        work.readers,
        work.settings,
        pen,
        warehouse_url=work.warehouse_url,
    )


def _write_rights(work: Work, there: There, pen: Pen) -> None:
    groups = write_groups(work.transport, work.readers, pen)
    write_rights(work.transport, rights_of(there, groups, work.readers), pen)


def _write_content(
    work: Work, there: There, made: Plan, pen: Pen, *, overwrite: bool
) -> None:
    writer = Writer(work.transport, there)
    steps = {
        (step.kind, step.key): step for step in to_write(made, overwrite=overwrite)
    }
    for one in work.content.collections:
        if step := steps.get(("collection", one.key)):
            _write(pen, step, partial(writer.write_collection, one))
    # A collection that is new has the rights of the one it lies in until now.
    _write_rights(work, there, pen)
    for card in work.content.cards:
        if step := steps.get(("card", card.key)):
            work.on_step(f"Writing {card.key}")
            _write(pen, step, partial(writer.write_card, card, step))
    boards = [
        (board, step)
        for board in work.content.dashboards
        if (step := steps.get(("dashboard", board.key)))
    ]
    for board, step in boards:
        if step.found is None:
            writer.begin_dashboard(board)
    for board, step in boards:
        work.on_step(f"Writing {board.key}")
        _write(pen, step, partial(writer.write_dashboard, board, step))


def _write(pen: Pen, step: Step, action: Callable[[], None]) -> None:
    change = _change(step)
    pen.write(change.kind, change.name, change.what, action)


def _change(step: Step) -> Change:
    if step.doing is Doing.CREATE:
        return Change(step.kind, step.key, "create")
    return Change(step.kind, step.key, f"update {', '.join(step.fields)}")


def _write_mail(work: Work, instance: Instance, there: There, pen: Pen) -> None:
    write_mail(
        work.transport,
        there,
        work.content,
        read_recipients(work.settings.environment),
        pen,
        has_email=instance.has_email,
    )


def _outcome(instance: Instance, made: Plan, pen: Pen, *, overwrite: bool) -> Outcome:
    taken = set(map(id, to_write(made, overwrite=overwrite)))
    left = [step for step in made.of(Doing.DRIFT, Doing.BOTH) if id(step) not in taken]
    return Outcome(
        instance.version, made, tuple(pen.changes), tuple(left), tuple(pen.notices)
    )


__all__ = [
    "Outcome",
    "Work",
    "apply",
    "apply_where_configured",
    "check",
    "is_configured",
    "plan",
    "prepare",
    "prune",
]

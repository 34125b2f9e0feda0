"""Whatever people do and whatever goes wrong, raw ends as the server is."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ingestion.errors import (
    IngestionError,
    SourceIncompleteError,
    SourceRejectedError,
    SourceUnavailableError,
)
from ingestion.landing.bookkeeping.reconciliation import ReconciliationError
from tests.ingestion.examples import MANY, SAME
from tests.ingestion.landing.histories.disturbed import empty
from tests.ingestion.landing.histories.judge import Judge
from tests.ingestion.landing.histories.kinds import Access, Server, ServerKind
from tests.ingestion.landing.histories.kobo import Kobo
from tests.ingestion.landing.histories.odk import Odk
from tests.ingestion.landing.histories.steps import REFUSED, Pull, Step
from tests.ingestion.landing.histories.story import FIRST_MOMENT, Moment

NOT_COMPLETE = (SourceIncompleteError, ReconciliationError)


def lived(kind: ServerKind, engine: Engine, plan: list[Step]) -> None:
    """Play a plan, and judge raw after every pull."""
    empty(engine)
    story = kind.story()
    moments = story.play(plan)
    form = story.form()
    judge = Judge(engine, kind, form)
    server = kind.serve(form, FIRST_MOMENT)
    try:
        for moment in moments:
            _pull(judge, server, moment)
    finally:
        server.stop()


def _pull(judge: Judge, server: Server, moment: Moment) -> None:
    note(f"pull at {moment.at:%j %H:%M:%S}: {moment.pull.trouble}, {moment.meanwhile}")
    server.set_clock(moment.at)
    server.set_faults(*judge.kind.faults(moment.pull))
    window = [moment.at]

    def people_go_on(number: int) -> None:
        if number == moment.pull.at_request:
            for at in moment.meanwhile:
                server.set_clock(at)
                window.append(at)

    access = _access(moment.pull, people_go_on)
    before = judge.held()
    options: dict[str, Any] = {
        "full": moment.pull.trouble == "full",
        "approve_deletions": True,
    }
    try:
        report = judge.kind.land(server, judge.engine, access, **options)
    except IngestionError as error:
        note(f"{type(error).__name__}: {error}")
        if not isinstance(error, _may_fail_with(judge.kind, moment)):
            raise
        judge.failed(before)
    else:
        note(f"{report}")
        assert moment.pull.trouble not in REFUSED
        judge.field_map = access.field_map
        is_all_told = moment.pull.trouble != "row left out"
        judge.good(before, report, window, is_all_told=is_all_told)
    finally:
        server.set_faults()


def _access(pull: Pull, before: Callable[[int], None]) -> Access:
    is_account = pull.trouble in ("viewer", *REFUSED)
    is_other_map = pull.trouble == "other map"
    return Access(
        account=pull.trouble if is_account else "owner",
        before=before,
        row_left_out_of=pull.at_request if pull.trouble == "row left out" else None,
        field_map=f"small_journal{'_with_mood' * is_other_map}.yml",
    )


def _may_fail_with(kind: ServerKind, moment: Moment) -> tuple[type[Exception], ...]:
    trouble = moment.pull.trouble
    if trouble in ("withdrawn", "revoked", *REFUSED):
        return (SourceRejectedError,)
    if trouble == "breakdown":
        return (SourceUnavailableError,)
    if trouble in kind.harmless and moment.only_adds_or_changes:
        return ()
    return NOT_COMPLETE


def _every_plan(*kinds: ServerKind) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("kind", "plans"),
        [
            pytest.param(kind, plans, id=f"{kind.name}: {name}")
            for kind in kinds
            for name, plans in kind.plans.items()
        ],
    )


@_every_plan(Kobo())
@settings(SAME, max_examples=9)
@given(data=st.data())
def test_no_history_on_kobo_loses_or_invents_anything(
    kind: ServerKind,
    plans: st.SearchStrategy[list[Step]],
    warehouse: Engine,
    data: st.DataObject,
) -> None:
    lived(kind, warehouse, data.draw(plans))


@_every_plan(Odk())
@settings(SAME, max_examples=6)
@given(data=st.data())
def test_no_history_on_odk_loses_or_invents_anything(
    kind: ServerKind,
    plans: st.SearchStrategy[list[Step]],
    warehouse: Engine,
    data: st.DataObject,
) -> None:
    lived(kind, warehouse, data.draw(plans))


@pytest.mark.long
@_every_plan(Kobo(), Odk())
@settings(MANY, max_examples=600)
@given(data=st.data())
def test_no_history_of_very_many_loses_or_invents_anything(
    kind: ServerKind,
    plans: st.SearchStrategy[list[Step]],
    warehouse: Engine,
    data: st.DataObject,
) -> None:
    lived(kind, warehouse, data.draw(plans))

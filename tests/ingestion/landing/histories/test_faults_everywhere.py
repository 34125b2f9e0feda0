"""Whatever fails at whichever moment of a run, the next one ends as if nothing had."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ingestion.errors import (
    FormBusyError,
    IngestionError,
    SourceIncompleteError,
)
from ingestion.landing import LandingReport
from ingestion.landing.bookkeeping.reconciliation import ReconciliationError
from tests.ingestion.landing.histories.disturbed import (
    FIRST,
    SECOND,
    before_every_statement,
    content,
    end_session,
    eventful_form,
    keep,
    locks,
    put_back,
    without_times,
)
from tests.ingestion.landing.histories.kinds import Access, Server, ServerKind
from tests.ingestion.landing.histories.kobo import Kobo
from tests.ingestion.landing.histories.odk import Odk
from warehouse.errors import WarehouseError

NO_ANSWER = (httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError)
# One failure after the other of one request; the sixth try succeeds.
EVERY_FAILURE = (
    "server_error",  # first: it is believed sooner than the others
    "rate_limited",
    "cut_connection",
    "truncated_json",
    "unavailable",
)
every_cut = pytest.mark.parametrize(
    "is_ended", [True, False], ids=["session ended", "statement refused"]
)


class Run:
    """The landing of one form at one moment: the first one, or one that follows it.

    Attributes:
        before: What the tables hold before the run.
        done: What they hold after it where nothing goes wrong.
        request_count: How many requests it then needs.
    """

    def __init__(self, kind: ServerKind, engine: Engine, *, is_first: bool) -> None:
        self.kind = kind
        self.engine = engine
        self.server: Server = kind.serve(eventful_form(), FIRST)
        if not is_first:
            self.land()
        keep(engine)
        self.before = content(engine)
        self.server.set_clock(SECOND)
        numbers: list[int] = []
        self.land(before=numbers.append)
        self.request_count = numbers[-1]
        self.done = content(engine)
        assert self.done != self.before
        self.begin_anew()

    def begin_anew(self) -> None:
        """Bring the tables to where they are before the run."""
        put_back(self.engine)
        self.server.set_faults()

    def land(self, **access: Any) -> LandingReport:  # noqa: ANN401 - fields of `Access`
        return self.kind.land(self.server, self.engine, Access(page_size=5, **access))


# Every request of either kind of server takes its time, so of the second one only some
# are tried where there is little of that: see the end.
@pytest.fixture(
    params=[
        pytest.param(Kobo(), id="kobo"),
        pytest.param(Odk(), id="odk", marks=pytest.mark.long),
    ]
)
def kind(request: pytest.FixtureRequest) -> ServerKind:
    found: ServerKind = request.param
    return found


@pytest.fixture(params=[True, False], ids=["the first run", "a later run"])
def run(
    request: pytest.FixtureRequest, kind: ServerKind, engine: Engine
) -> Iterator[Run]:
    run = Run(kind, engine, is_first=request.param)
    yield run
    run.server.stop()


# HTTP


def test_any_request_may_fail_in_every_way_before_it_succeeds(run: Run) -> None:
    for number in range(run.request_count):
        _land_in_spite_of_every_failure(run, number)


def _land_in_spite_of_every_failure(run: Run, number: int) -> None:
    run.server.set_faults(
        *(
            {"kind": failure, "after": number + tried, "seconds": 0}
            for tried, failure in enumerate(EVERY_FAILURE)
        )
    )
    run.land()

    assert content(run.engine) == run.done, f"request {number + 1}"
    run.begin_anew()


def test_any_request_may_get_no_answer_once(run: Run) -> None:
    for number in range(run.request_count):
        _land_in_spite_of_no_answer(run, number)


def _land_in_spite_of_no_answer(run: Run, number: int) -> None:
    error = NO_ANSWER[(number + 1) % len(NO_ANSWER)]
    run.land(before=_raising(error, number + 1))

    assert content(run.engine) == run.done, f"request {number + 1}"
    run.begin_anew()


def _raising(error: type[Exception], at_request: int) -> Callable[[int], None]:
    def before(number: int) -> None:
        if number == at_request:
            raise error("for a test")

    return before


@pytest.mark.parametrize("is_closed", [False, True], ids=["broken", "closed"])
def test_a_server_gone_for_good_at_any_request_leaves_nothing_half_done(
    run: Run, *, is_closed: bool
) -> None:
    failures = run.kind.closings if is_closed else EVERY_FAILURE
    for number in range(run.request_count):
        _land_where_it_ends(run, failures[number % len(failures)], number)
    run.server.set_faults()
    run.land()

    assert content(run.engine) == run.done


def _land_where_it_ends(run: Run, failure: str, number: int) -> None:
    run.server.set_faults(
        {"kind": failure, "after": number, "count": None, "seconds": 0}
    )
    try:
        run.land()
    except IngestionError:
        assert content(run.engine) == run.before, f"request {number + 1}"
    else:  # only the history was lost, which no row depends on
        found = without_times(content(run.engine))
        assert found == without_times(run.done), f"request {number + 1}"
        run.begin_anew()


# What is not true


@pytest.mark.parametrize("difference", [1, -1])
def test_a_count_that_is_wrong_once_lands_nothing_wrong(
    run: Run, difference: int
) -> None:
    for after in range(run.request_count):
        _land_with_a_wrong_count(run, difference, after)


def _land_with_a_wrong_count(run: Run, difference: int, after: int) -> None:
    run.server.set_faults(
        {"kind": "wrong_count", "difference": difference, "after": after}
    )
    _land_all_or_nothing(run, f"count {after + 1}")


def test_a_row_left_out_of_a_page_lands_nothing_wrong(run: Run) -> None:
    for number in range(1, run.request_count + 1):
        _land_all_or_nothing(run, f"page {number}", row_left_out_of=number)


def _land_all_or_nothing(run: Run, place: str, **access: Any) -> None:  # noqa: ANN401 - fields of `Access`
    try:
        run.land(**access)
    except (SourceIncompleteError, ReconciliationError):
        assert content(run.engine) == run.before, place
    else:
        assert content(run.engine) == run.done, place
        run.begin_anew()


# Each of these once, in turn


def _every_way() -> list[Callable[[Run, int], None]]:
    """Return what can go wrong at the request after so many good ones."""
    return [
        _land_in_spite_of_every_failure,
        lambda run, number: _land_where_it_ends(run, "bad_gateway", number),
        lambda run, number: _land_with_a_wrong_count(run, -1, number),
        _land_in_spite_of_no_answer,
        lambda run, number: _land_where_it_ends(run, run.kind.closings[0], number),
        lambda run, number: _land_all_or_nothing(
            run, f"page {number + 1}", row_left_out_of=number + 1
        ),
        lambda run, number: _land_where_it_ends(run, run.kind.closings[-1], number),
    ]


@pytest.mark.parametrize("kind", [Odk()], ids=["odk"], indirect=True)
def test_every_fifth_request_ends_in_one_way_and_the_next_run_mends_it(
    run: Run,
) -> None:
    ways = itertools.cycle(_every_way())
    for number in range(0, run.request_count, 5):
        next(ways)(run, number)
        run.server.set_faults()
    # Counts and pages are few, so that a fifth of all requests may miss them.
    for number in range(4):
        _land_with_a_wrong_count(run, 1, number)
        _land_all_or_nothing(run, f"page {number + 1}", row_left_out_of=number + 1)
    run.server.set_faults()
    run.land()

    assert content(run.engine) == run.done


# The database


class Cut:
    """Ends the session that sends the n-th statement, or has the statement refused."""

    def __init__(self, url: str, at_statement: int, *, is_ended: bool) -> None:
        self._url = url
        self._left = at_statement
        self._is_ended = is_ended

    @property
    def was_made(self) -> bool:
        return self._left <= 0

    def __call__(self, session: psycopg.Connection[Any]) -> None:
        self._left -= 1
        if self._left != 0:
            return
        if not self._is_ended:
            raise psycopg.errors.QueryCanceled("for a test")
        end_session(self._url, session)


def _cut_short_at_statements(
    run: Run, url: str, numbers: Iterable[int], *, is_ended: bool
) -> None:
    cuts = 0
    for number in numbers:
        cut = Cut(url, number, is_ended=is_ended)
        try:
            with before_every_statement(cut):
                run.land()
        except FormBusyError:
            raise  # it kept itself away
        except (DBAPIError, psycopg.Error, IngestionError, WarehouseError):
            cuts += 1
        found = content(run.engine)
        assert found in (run.before, run.done), f"statement {number}"
        assert locks(run.engine) == 0, f"statement {number}"
        if not cut.was_made:
            break
        if found == run.done:
            run.begin_anew()
    run.land()

    assert cuts > 5, "the run was hardly cut short, so little was shown"
    assert content(run.engine) == run.done


@every_cut
def test_a_session_that_ends_at_some_statements_leaves_all_or_nothing(
    run: Run, warehouse_with_tables: str, *, is_ended: bool
) -> None:
    numbers = itertools.count(1, 7)
    _cut_short_at_statements(run, warehouse_with_tables, numbers, is_ended=is_ended)


@pytest.mark.long
@every_cut
def test_a_session_that_ends_at_any_statement_leaves_all_or_nothing(
    run: Run, warehouse_with_tables: str, *, is_ended: bool
) -> None:
    numbers = itertools.count(1)
    _cut_short_at_statements(run, warehouse_with_tables, numbers, is_ended=is_ended)

"""Answers that do not come, and what is said then: nothing doubled, nothing told."""

from dataclasses import replace

import pytest

from dashboards.errors import (
    MetabaseError,
    MetabaseRejectedError,
    MetabaseUnavailableError,
)
from dashboards.metabase import run
from dashboards.metabase.plan import Doing
from sandbox.metabase import queries
from sandbox.metabase.views import cards
from tests.dashboards.metabase.conftest import (
    COUNTS,
    VERSIONS,
    Applied,
    Bench,
    MakeBench,
)
from tests.dashboards.metabase.roles import PASSWORD

EVERY_KIND = (
    "POST /api/setup$",
    "POST /api/database$",
    "POST /api/permissions/group$",
    "POST /api/collection$",
    "POST /api/card$",
    "POST /api/dashboard$",
    "PUT /api/dashboard/",
    "PUT /api/collection/graph",
    "PUT /api/permissions/graph",
    "PUT /api/field/",
)


@pytest.mark.parametrize("version", VERSIONS)
def test_requests_that_are_obeyed_but_not_answered_double_nothing(
    make_bench: MakeBench, version: int
) -> None:
    bench = make_bench(version)
    kinds = ["bad_gateway_after", "gateway_timeout_after"]
    bench.server.set_faults(
        *(
            {"kind": kinds[index % 2], "path": path, "after": index % 2}
            for index, path in enumerate(EVERY_KIND)
        )
    )

    run.apply(bench.work())

    met = {fault for one in bench.server.requests for fault in one["faults"]}
    assert met == set(kinds)
    assert bench.counts == COUNTS
    assert run.plan(bench.work()).changes == ()


@pytest.mark.parametrize("kind", ["bad_gateway", "unavailable", "cut_connection"])
def test_requests_that_are_not_answered_are_sent_again(
    applied: Applied, kind: str
) -> None:
    bench = applied()
    bench.empty()
    rules = [{"kind": kind, "path": path} for path in (*EVERY_KIND, "GET /api/card/")]
    bench.server.set_faults(*rules)

    run.apply(bench.work())

    assert bench.counts == COUNTS
    assert bench.pauses


def test_a_run_that_ends_in_the_middle_is_completed_by_the_next(
    applied: Applied,
) -> None:
    bench = applied()
    bench.empty()
    gone = {"kind": "unavailable", "path": "", "after": 60, "count": None}
    bench.server.set_faults(gone)

    with pytest.raises(MetabaseUnavailableError, match="did not answer"):
        run.apply(bench.work())
    half = bench.counts
    bench.server.set_faults()
    run.apply(bench.work())

    assert 0 < half["cards"] < COUNTS["cards"]
    assert bench.counts == COUNTS


def test_a_card_that_came_twice_all_the_same_is_told_and_pruned(
    applied: Applied,
) -> None:
    bench = applied()
    stored = bench.server.stored
    number = stored.next_number()
    first = bench.card("metabase_mexico/en/d1_small/sites")
    stored.cards[number] = {**first, "id": number}

    outcome = run.apply(bench.work())
    run.prune(bench.work())

    assert len(outcome.plan.of(Doing.ORPHAN)) == 1
    assert stored.cards[number]["archived"]
    assert not first["archived"]


def test_nothing_is_waited_for_beyond_the_budget(applied: Applied) -> None:
    bench = applied()
    bench.server.set_faults({"kind": "unavailable", "count": None})
    work = bench.work()
    work.transport._end = work.transport.clock.now() - 1  # noqa: SLF001 - time is over

    with pytest.raises(MetabaseUnavailableError):
        run.plan(work)

    assert bench.pauses == []


def test_a_refused_login_of_the_warehouse_is_told_without_its_password(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    wrong = "another password nobody guesses"
    work = bench.work(WAREHOUSE_PASSWORD_METABASE_MEXICO=wrong)

    with pytest.raises(MetabaseRejectedError) as caught:
        run.apply(work)

    said = str(caught.value)
    assert "metabase_mexico" in said
    assert "***" in said  # the stand-in repeats what it was given
    assert wrong not in said


def test_no_secret_is_in_any_message_or_in_what_is_shown_of_settings(
    applied: Applied,
) -> None:
    bench = applied()
    known = ("a long first password", PASSWORD, bench.server.setup_token)
    said = []
    for path in ("POST /api/session$", "POST /api/card$", "PUT /api/collection/graph"):
        bench.empty()
        bench.server.set_faults({"kind": "bad_gateway", "path": path, "count": None})
        work = bench.work()
        with pytest.raises(MetabaseError) as caught:
            run.apply(work)
        said += [str(caught.value), repr(caught.value), repr(work.settings)]

    for secret in known:
        assert not any(secret in text for text in said)


def test_a_password_that_was_changed_in_the_warehouse_is_given_anew(
    applied: Applied,
) -> None:
    bench = applied()
    number = next(iter(bench.server.stored.databases))
    bench.server.stored.secrets[number] = "the password of before"

    outcome = run.apply(bench.work())

    assert [change.what for change in outcome.changes] == ["update login"]
    assert bench.server.stored.secrets[number] == PASSWORD
    assert run.plan(bench.work()).changes == ()


def test_a_stored_query_that_is_not_ours_is_refused(
    applied: Applied, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = applied()
    bench.empty()
    read = queries.read_query
    # Some builds kept an empty query where they did not like the one they were sent.
    monkeypatch.setattr(
        cards, "read_query", lambda query: replace(read(query), sql="", tags={})
    )

    with pytest.raises(MetabaseRejectedError, match="stored another sql"):
        run.apply(bench.work())


def test_the_bench_sends_what_it_records(applied: Applied) -> None:
    bench: Bench = applied()

    run.plan(bench.work())

    assert len(bench.sent) == len(bench.server.requests)

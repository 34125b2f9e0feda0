from collections import Counter

import pytest

from sandbox.pilot import Event, Pilot
from sandbox.pilot.model import Record

COUNTRIES = ("MX", "CO", "PH")


@pytest.fixture(scope="module")
def counts(pilot: Pilot) -> dict[str, list[int]]:
    by_kind = Counter(
        (row["mess_code"], row["family_code"][:2]) for row in pilot.truth.tables["mess"]
    )
    kinds = {kind for kind, _ in by_kind}
    return {kind: [by_kind[kind, country] for country in COUNTRIES] for kind in kinds}


@pytest.fixture(scope="module")
def added(pilot: Pilot) -> list[Record]:
    events = pilot.form("journal").events
    return [event.record for event in events if event.kind == "add" and event.record]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("doubled", [24, 18, 30]),
        ("conflicting", [10, 8, 12]),
        ("edited", [8, 6, 9]),
        ("deleted", [4, 3, 5]),
        ("mistyped_code", [6, 5, 7]),
        ("unresolvable_code", [1, 1, 1]),
        ("wrong_unit", [3, 10, 4]),
        ("in_dollars", [2, 0, 2]),
        ("wrong_month", [4, 4, 5]),
        ("late", [9, 7, 14]),
        ("after_cutoff", [2, 1, 2]),
        ("rejected", [3, 3, 3]),
        ("test", [5, 5, 5]),
    ],
)
def test_every_kind_of_mess_occurs_as_often_as_specified(
    counts: dict[str, list[int]], kind: str, expected: list[int]
) -> None:
    assert counts[kind] == expected


def test_a_double_has_the_same_answers_under_another_id_minutes_later(
    pilot: Pilot, added: list[Record]
) -> None:
    doubled = {
        row["root_id"]
        for row in pilot.truth.tables["mess"]
        if row["mess_code"] == "doubled"
    }
    pairs: dict[str, list[Record]] = {}
    for record in added:
        if record["meta/rootUuid"].removeprefix("uuid:") in doubled:
            pairs.setdefault(record["journal_key"], []).append(record)
    assert {len(pair) for pair in pairs.values()} == {2}
    for first, second in pairs.values():
        same = {path: first[path] for path in first if path.startswith("j/")}
        assert same == {path: second[path] for path in second if path.startswith("j/")}
        assert first["_id"] != second["_id"]
        assert first["_submission_time"][:10] <= second["_submission_time"][:10]


def test_an_edit_keeps_identity_and_time_but_not_the_uuid(pilot: Pilot) -> None:
    events = pilot.form("journal").events
    first = {event.submission_id: event for event in events if event.kind == "add"}
    edits = [event for event in events if event.kind == "edit"]
    assert len(edits) == 23
    for edit in edits:
        before, after = first[edit.submission_id].record, edit.record
        assert before is not None
        assert after is not None
        for kept in ("_id", "_submission_time", "meta/rootUuid"):
            assert after[kept] == before[kept]
        assert after["meta/deprecatedID"] == before["meta/instanceID"]
        assert after["_uuid"] != before["_uuid"]
        assert after["meta/instanceID"] == f"uuid:{after['_uuid']}"


def test_an_edited_old_row_speaks_the_present_names(pilot: Pilot) -> None:
    edits = [event for event in pilot.form("journal").events if event.kind == "edit"]
    for edit in edits:
        assert edit.record is not None
        assert edit.record["__version__"] == "vJournal2021010401Kob1"
        assert "j/income/inc_total" in edit.record
        assert "j/ingresos/total" not in edit.record


def test_edits_and_deletions_lie_between_the_pull_and_the_release(pilot: Pilot) -> None:
    changes = [
        event
        for event in pilot.form("journal").events
        if event.kind in {"edit", "delete"}
    ]
    days = [event.at.date().isoformat() for event in changes]
    assert len(changes) == 35
    assert "2021-09-01" <= min(days) <= max(days) <= "2021-09-25"


def test_test_rows_are_typed_by_the_demo_user(added: list[Record]) -> None:
    tests = [r for r in added if r["family_code"] == "TEST-00-0000"]
    assert len(tests) == 15
    assert {record["username"] for record in tests} == {"demo"}
    assert {record["_submitted_by"] for record in tests} == {"demo"}


def test_unresolvable_codes_cannot_be_repaired_to_any_family(
    pilot: Pilot, added: list[Record]
) -> None:
    families = {row["family_code"] for row in pilot.truth.tables["families"]}
    odd = {"MX-01-0199", "CO-2-77", "PH-02-00??"}
    assert odd <= {record["family_code"] for record in added}
    assert not odd & families


def test_ten_colombian_journals_answer_on_five_points(added: list[Record]) -> None:
    trial = [r for r in added if r["__version__"] == "vJournal2020101501Kob1"]
    assert len(trial) == 10
    for record in trial:
        assert record["country"] == "co"
        assert record["j/wellbeing/sat_living5"] in {"1", "2", "3", "4", "5"}
        assert "j/satisf" not in record
        assert "2020-07-01" < record["ref_month"] < "2021-07-01"


def test_three_clocks_a_country_are_wrong(added: list[Record]) -> None:
    for country in ("mx", "co", "ph"):
        records = [record for record in added if record["country"] == country]
        reversed_clocks = [
            record for record in records if record["start"] > record["end"]
        ]
        at_epoch = [record for record in records if record["start"].startswith("1970")]
        assert (len(reversed_clocks), len(at_epoch)) == (2, 1)


def test_stories_carry_emoji_another_script_and_four_thousand_characters(
    added: list[Record],
) -> None:
    for country in ("mx", "co", "ph"):
        stories = [
            record["j/story/st_text"]
            for record in added
            if record["country"] == country and "j/story/st_text" in record
        ]
        assert any(len(story) == 4_000 for story in stories)
        assert any("🎉" in story for story in stories)
        assert any("شكرا" in story for story in stories)
        assert any("ñ" in story for story in stories)


def test_goals_come_in_another_order_now_and_then(added: list[Record]) -> None:
    numbers = [
        [int(goal["j/goalu/gu_no"]) for goal in record["j/goalu"]]
        for record in added
        if "j/goalu" in record
    ]
    assert sum(listed != sorted(listed) for listed in numbers) >= 24
    assert any("j/goalu" not in record for record in added)


def test_two_liaisons_copied_one_groups_answers_for_three_months(
    pilot: Pilot, added: list[Record]
) -> None:
    copied = {
        (row["family_code"], row["journal_month"]): row
        for row in pilot.truth.tables["family_months"]
        if row["peer_group_code"] == "CO-PG13"
    }
    for month in ("2021-03-01", "2021-04-01", "2021-05-01"):
        group = [
            record
            for record in added
            if record["ref_month"] == month
            and (record["family_code"], month) in copied
            and record["username"] in {"liaison_co2", "liaison_co3"}
        ]
        answers = Counter(
            (
                record["j/savings/debt_balance"],
                record["j/health/hl_spend"],
                record["j/home/ho_water"],
                record["j/shock/sh_type"],
                record["j/comm/co_act"],
            )
            for record in group
        )
        assert max(answers.values()) >= 3


def test_moves_splits_and_merges_reach_the_exit_form(pilot: Pilot) -> None:
    kinds = Counter(
        (event.record["exit_kind"], event.record["country"])
        for event in pilot.form("exit").events
        if event.record
    )
    wanted = {"move_group": [2, 2, 3], "move_site": [1, 1, 1], "split": [1, 1, 1]}
    wanted |= {"merge": [0, 0, 1], "pause": [2, 1, 2]}
    for kind, expected in wanted.items():
        assert [kinds[kind, country] for country in ("mx", "co", "ph")] == expected


def test_the_family_that_asks_for_erasure_does_so_after_the_release(
    pilot: Pilot,
) -> None:
    erasures = [row for row in _ends(pilot) if row["data_wish_code"] == "erase"]
    assert [row["country_code"] for row in erasures] == ["PHL"]
    assert erasures[0]["end_date"] > "2021-09-30"
    assert erasures[0]["standing_code"] != "panel_b"


def test_no_journal_lies_after_its_familys_exit(pilot: Pilot) -> None:
    ends = {
        row["family_code"]: row["end_date"]
        for row in _ends(pilot)
        if row["end_kind_code"] in {"exit", "merge"}
    }
    assert len(ends) > 20
    for row in pilot.truth.tables["family_months"]:
        end = ends.get(row["family_code"])
        assert end is None or row["journal_month"] <= end


def test_moved_families_write_from_their_new_group(pilot: Pilot) -> None:
    for move in pilot.truth.tables["moves"]:
        months = [
            row
            for row in pilot.truth.tables["family_months"]
            if row["family_code"] == move["family_code"]
        ]
        for row in months:
            has_moved = row["journal_month"][:7] >= move["moved_date"][:7]
            is_in_new_group = row["peer_group_code"] == move["new_peer_group_code"]
            assert has_moved == is_in_new_group


def _ends(pilot: Pilot) -> list[dict[str, str]]:
    return [row for row in pilot.truth.tables["families"] if row["end_kind_code"]]


def test_reviews_refuse_the_rejected_and_leave_a_few_unreviewed(pilot: Pilot) -> None:
    events = pilot.form("journal").events
    reviews: dict[int, Event] = {e.submission_id: e for e in events if e.review}
    states = Counter(event.review for event in reviews.values())
    unreviewed = sum(event.kind == "add" for event in events) - len(reviews)
    assert states["not_approved"] == 9
    assert states["on_hold"] == 6
    assert 40 <= unreviewed <= 100

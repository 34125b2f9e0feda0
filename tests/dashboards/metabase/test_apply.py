"""Applying on every supported version: twice, over drift, after changes, in a race."""

from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.errors import MetabaseChangedError
from dashboards.metabase import run
from dashboards.metabase.plan import Doing
from tests.dashboards.metabase.conftest import COUNTS, VERSIONS, Applied, Bench

SITES = "metabase_mexico/en/d1_small/sites"
SMALL = "metabase_mexico/en/d1_small"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_first_apply_makes_everything_and_a_second_changes_nothing(
    applied: Applied, version: int
) -> None:
    bench = applied(version)

    again = run.apply(bench.work())

    assert bench.counts == COUNTS
    assert again.changes == ()
    assert {step.doing for step in again.plan.steps} == {Doing.SAME}
    assert not [one for one in bench.sent if one.method == "PUT"]


def test_a_plan_of_an_empty_metabase_writes_nothing(applied: Applied) -> None:
    bench = applied()
    bench.empty()

    planned = run.plan(bench.work())

    writes = {(one.method, one.path) for one in bench.sent if one.method != "GET"}
    assert writes == {("POST", "/api/session")}
    created = [step for step in planned.plan.steps if step.doing is Doing.CREATE]
    expected = COUNTS["cards"] + COUNTS["dashboards"] + COUNTS["collections"]
    assert len(created) == expected


def test_what_was_edited_by_hand_shows_as_drift_and_is_left_alone(
    bench: Bench,
) -> None:
    card = bench.card(SITES)
    bench.server.edit("card", card["id"], name="Mine")
    board = bench.dashboard(SMALL)
    bench.server.edit("dashboard", board["id"], description="Mine too")

    outcome = run.apply(bench.work())

    drift = {(step.key, step.fields) for step in outcome.plan.of(Doing.DRIFT)}
    assert drift == {(SITES, ("name",)), (SMALL, ("description",))}
    assert {step.key for step in outcome.left_alone} == {SITES, SMALL}
    assert outcome.changes == ()
    assert bench.card(SITES)["name"] == "Mine"


def test_overwriting_puts_back_what_was_edited_by_hand(applied: Applied) -> None:
    bench = applied(60)
    bench.server.edit("card", bench.card(SITES)["id"], name="Mine", display="pie")

    outcome = run.apply(bench.work(), overwrite=True)

    assert [change.what for change in outcome.changes] == ["update display, name"]
    assert bench.card(SITES)["name"] == "Sites"
    assert run.plan(bench.work()).changes == ()


def test_a_card_moved_to_another_connection_is_always_put_back(
    applied: Applied,
) -> None:
    bench = applied()
    card = bench.card(SITES)
    other = bench.card("metabase_programme/en/d1_small/sites")
    bench.server.edit(
        "card", card["id"], native=other["native"], database_id=other["database_id"]
    )

    outcome = run.apply(bench.work())

    assert outcome.left_alone == ()
    assert bench.card(SITES)["database_id"] != other["database_id"]


def test_a_changed_spec_is_told_apart_from_drift(bench: Bench, own_specs: Path) -> None:
    path = own_specs / "d1_small.yml"
    path.write_text(path.read_text().replace("{en: Savers,", "{en: Who saves,"))
    savers = "metabase_mexico/en/d1_small/savers"
    edited = "metabase_programme/en/d1_small/savers"
    bench.server.edit("card", bench.card(edited)["id"], display="area")

    planned = run.plan(replace(bench, specs=own_specs).work())

    assert {step.key for step in planned.plan.of(Doing.UPDATE)} == {savers}
    assert {step.key for step in planned.plan.of(Doing.BOTH)} == {edited}
    assert planned.plan.of(Doing.DRIFT) == []


def test_numbers_stay_when_a_spec_changes_so_that_subscriptions_survive(
    applied: Applied, own_specs: Path
) -> None:
    bench = applied(65)
    board = bench.dashboard(SMALL)
    stored = bench.server.stored
    before = {card["id"] for card in stored.cards_of(board["id"])}
    tabs = {tab["id"] for tab in stored.tabs_of(board["id"])}
    path = own_specs / "d1_small.yml"
    # A card less wide moves those behind it.
    path.write_text(
        path.read_text().replace("kind: table", "kind: table\n        width: half")
    )

    run.apply(replace(bench, specs=own_specs).work())

    stored = bench.server.stored
    assert {card["id"] for card in stored.cards_of(board["id"])} == before
    assert {tab["id"] for tab in stored.tabs_of(board["id"])} == tabs
    assert bench.dashboard(SMALL)["id"] == board["id"]
    assert any(card["size_x"] == 12 for card in stored.cards_of(board["id"]))


def test_a_deleted_spec_leaves_orphans_that_only_prune_archives(
    bench: Bench, own_specs: Path
) -> None:
    (own_specs / "d2_other.yml").unlink()
    fewer = replace(bench, specs=own_specs)

    outcome = run.apply(fewer.work())
    orphans = outcome.plan.of(Doing.ORPHAN)
    counted = bench.counts
    pruned = run.prune(fewer.work())

    assert {step.kind for step in orphans} == {"card", "dashboard"}
    assert len(orphans) == 2 * (3 + 1)
    assert counted == COUNTS
    assert len(pruned.changes) == len(orphans)
    assert bench.counts["dashboards"] == 2
    assert run.plan(fewer.work()).plan.of(Doing.ORPHAN) == []


def test_a_spec_that_comes_back_takes_its_cards_out_of_the_trash(
    applied: Applied, own_specs: Path
) -> None:
    bench = applied()
    number = bench.dashboard("metabase_mexico/en/d2_other")["id"]
    (own_specs / "d2_other.yml").unlink()
    run.prune(replace(bench, specs=own_specs).work())

    run.apply(bench.work())

    assert bench.counts == COUNTS
    assert bench.dashboard("metabase_mexico/en/d2_other")["id"] == number
    assert run.plan(bench.work()).changes == ()


def test_what_somebody_made_by_hand_is_told_and_never_touched(
    applied: Applied,
) -> None:
    bench = applied()
    stored = bench.server.stored
    number = stored.next_number()
    own = {"visualization_settings": {}, "id": number, "name": "Ana's own"}
    stored.cards[number] = {**bench.card(SITES), **own}

    pruned = run.prune(bench.work())

    assert [step.name for step in pruned.plan.of(Doing.STRANGER)] == ["Ana's own"]
    assert pruned.changes == ()
    assert not stored.cards[number]["archived"]


@pytest.mark.parametrize(
    ("version", "kind"),
    [(58, "card"), (58, "dashboard"), (60, "dashboard"), (62, "card"), (65, "card")],
)
def test_a_change_between_reading_and_writing_stops_with_a_message(
    applied: Applied, own_specs: Path, version: int, kind: str
) -> None:
    bench = applied(version)
    path = own_specs / "d1_small.yml"
    words = "{en: Sites," if kind == "card" else "{en: Small board,"
    path.write_text(path.read_text().replace(words, "{en: Renamed,"))
    key = SITES if kind == "card" else SMALL
    thing = bench.card(key) if kind == "card" else bench.dashboard(key)
    # It is edited once it was read for the plan.
    bench.server.set_faults(
        {"kind": "changed", "path": f"GET /api/{kind}/{thing['id']}$"}
    )

    with pytest.raises(MetabaseChangedError) as caught:
        run.apply(replace(bench, specs=own_specs).work())

    assert "was changed" in str(caught.value)
    assert "run plan again" in str(caught.value)
    now = bench.card(key) if kind == "card" else bench.dashboard(key)
    assert now["name"].endswith("(edited)")


def test_every_language_has_its_own_collection_and_words(applied: Applied) -> None:
    bench = replace(applied(), languages=("en", "es"))

    run.apply(bench.work())

    assert bench.counts["dashboards"] == 2 * COUNTS["dashboards"]
    spanish = bench.card("metabase_mexico/es/d1_small/sites")
    assert spanish["name"] == "Sitios"
    titles = spanish["visualization_settings"]["column_settings"]
    assert titles['["name","country_code"]']["column_title"] == "País"
    assert "when 'MEX' then 'México'" in spanish["native"].sql


def test_what_filipino_lacks_is_in_english_and_the_dashboard_says_so(
    applied: Applied,
) -> None:
    bench = replace(applied(), languages=("en", "fil"))

    run.apply(bench.work())

    assert bench.card("metabase_mexico/fil/d1_small/sites")["name"] == "Sites"
    openings = {
        language: [
            card["visualization_settings"].get("text", "")
            for card in bench.server.stored.cards_of(
                bench.dashboard(f"metabase_mexico/{language}/d1_small")["id"]
            )
        ]
        for language in ("en", "fil")
    }
    notice = "Nasa Ingles ang ilang bahagi"
    assert sum(notice in text for text in openings["fil"]) == 1
    assert not any("Parts of this page" in text for text in openings["en"])


def test_links_between_dashboards_point_at_the_one_of_the_same_reader(
    applied: Applied,
) -> None:
    bench = applied()
    stored = bench.server.stored
    board = bench.dashboard("metabase_mexico/en/d1_small")
    other = bench.dashboard("metabase_mexico/en/d2_other")

    texts = [
        card["visualization_settings"].get("text", "")
        for card in stored.cards_of(board["id"])
    ]

    assert any(f"(/dashboard/{other['id']})" in text for text in texts)


def test_a_filter_narrows_the_rows_and_a_click_in_a_table_sets_it(
    applied: Applied,
) -> None:
    bench = applied()
    stored = bench.server.stored
    board = bench.dashboard("metabase_programme/en/d1_small")
    savers = bench.card("metabase_programme/en/d1_small/savers")
    sites = bench.card("metabase_programme/en/d1_small/sites")
    by_card = {card["card_id"]: card for card in stored.cards_of(board["id"])}
    place = by_card[savers["id"]]["id"]
    path = f"/api/dashboard/{board['id']}/dashcard/{place}/card/{savers['id']}/query"
    work = bench.work()
    work.sign_in()

    everything = work.transport.ask(path, {})
    chosen = {"id": "country_code", "value": ["Colombia"], "type": "string/="}
    narrowed = work.transport.ask(path, {"parameters": [chosen]})

    assert {row[1] for row in everything["data"]["rows"]} == {
        "Colombia",
        "Mexico",
        "Philippines",
    }
    assert {row[1] for row in narrowed["data"]["rows"]} == {"Colombia"}
    driver = by_card[sites["id"]]
    clicks = driver["visualization_settings"]["column_settings"]
    behaviour = clicks['["name","country_code"]']["click_behavior"]
    assert behaviour["type"] == "crossfilter"
    assert behaviour["parameterMapping"]["country_code"]["source"]["name"] == (
        "country_code"
    )
    mapped = {one["parameter_id"] for one in driver["parameter_mappings"]}
    assert "country_code" not in mapped  # or one click would leave one row
    offered = {one["id"]: one for one in board["parameters"]}["country_code"]
    assert ["Colombia"] in offered["values_source_config"]["values"]

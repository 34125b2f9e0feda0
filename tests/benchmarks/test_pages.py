import pytest

from benchmarks.builds.pages import Cold, DrawnSite, MeasuredPages, ask_once
from benchmarks.builds.plan import LEADS
from benchmarks.builds.queries import Timed
from benchmarks.builds.readers import EVERYBODY, readers_of
from benchmarks.results.pages import TARGETS, figures_of
from dashboards.errors import QueryError


def measured(*, first: float, often: float) -> MeasuredPages:
    return MeasuredPages(
        families=100,
        months=36,
        cold=[Cold(f"card {place}", first) for place in range(20)],
        warm=[Timed("card 0", 9.5, 9, 20), Timed("card 1", often, 80, 20)],
        sites=[
            DrawnSite("analyst", 3.5, 3, 25, 1_200.5, "d1.html"),
            DrawnSite("lead_number_1", 2.25, 2, 25, 900.0, "d2.html"),
        ],
    )


def test_the_figures_are_of_the_slowest_card_and_of_all_pages_together() -> None:
    assert figures_of(measured(first=50, often=99.5)) == {
        "cards": 2,
        "cards_p95_ms": 99.5,
        "static_build_seconds": 5.75,
        "largest_page_kb": 1_200.5,
    }


def test_cards_that_are_slow_the_first_time_count() -> None:
    assert figures_of(measured(first=150, often=99.5))["cards_p95_ms"] == 150


def test_every_target_is_of_a_figure() -> None:
    assert {target.name for target in TARGETS} < figures_of(
        measured(first=1, often=1)
    ).keys()


def test_one_reads_everything_and_each_lead_two_sites() -> None:
    readers = readers_of([f"MX-{number:02}" for number in range(1, 20)])

    assert readers[EVERYBODY].sites == "all"
    leads = [one.site_codes for name, one in readers.items() if name != EVERYBODY]
    assert len(leads) == LEADS
    assert all(len(sites) == 2 for sites in leads)
    assert len({site for sites in leads for site in sites}) == 2 * LEADS


def test_where_there_are_few_sites_leads_share_them() -> None:
    readers = readers_of(["CO-01", "MX-01", "PH-01"])

    assert readers["lead_number_2"].site_codes == ("CO-01", "PH-01")


def test_a_card_that_gives_no_answer_ends_the_race(empty_warehouse: str) -> None:
    with pytest.raises(QueryError, match="data_state"):
        ask_once(empty_warehouse, lambda _: None)

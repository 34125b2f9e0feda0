"""The months after the published window, in countries that differ from the pilots."""

from dataclasses import replace

from sandbox.pilot.truth.extension import draw_extension
from sandbox.pilot.truth.life_events import draw_life_events
from sandbox.pilot.truth.window import draw_truth


def test_a_country_in_which_no_household_splits_has_later_months_too() -> None:
    mexico = next(truth for truth in draw_truth() if truth.country.code == "MX")
    unsplit = replace(mexico, country=replace(mexico.country, has_split=False))

    extension = draw_extension(unsplit, draw_life_events(unsplit))

    assert extension.new_families == {}
    assert {code for code, _ in extension.months} <= set(mexico.roster.families)
    assert max(month for _, month in extension.months) == "2022-03"

import pytest

from sandbox.pilot import Pilot
from sandbox.pilot.answers.reference import Repairs, clean_journals, normalised_code
from sandbox.pilot.countries import PILOT_COUNTRIES
from sandbox.pilot.truth.world import draw_worlds


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("co-01-0012", "CO-01-0012"),
        ("MX010007", "MX-01-0007"),
        ("PH-O2-0061", "PH-02-0061"),
        ("CO-O1-0012", "CO-01-0012"),
        ("PH-02-0061 ", "PH-02-0061"),
    ],
)
def test_a_mistyped_code_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert normalised_code(typed) == meant


def test_the_clean_up_finds_exactly_what_the_families_had(pilot: Pilot) -> None:
    worlds = [world for world in draw_worlds() if world.country in PILOT_COUNTRIES]
    families = {code: f for world in worlds for code, f in world.families.items()}
    found = clean_journals(
        pilot.form("journal").events, pilot.corrections, families, Repairs()
    )
    truth = {key: f for world in worlds for key, f in world.truth.months.items()}
    trial = {
        (row["family_code"], row["journal_month"][:7])
        for row in pilot.truth.tables["family_months"]
        if row["satisfaction_five_point_score"]
    }
    assert len(trial) == 10
    # Journals of August 2021 had come in by the release too; they are no part of it.
    in_window = {key: facts for key, facts in found.items() if key[1] <= "2021-07"}
    assert in_window.keys() == truth.keys()
    different = [key for key in truth.keys() - trial if in_window[key] != truth[key]]
    assert different == []

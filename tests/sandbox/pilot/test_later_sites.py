"""Three sites that began later: Liberia's have two currencies, New York's is small."""

from collections import Counter
from decimal import Decimal

import pytest

from sandbox.pilot import Pilot
from sandbox.pilot.model import Record, Row

RATE = Decimal("191.52")


def rows_of(pilot: Pilot, country: str) -> list[Row]:
    rows = pilot.truth.tables["family_months"]
    return [row for row in rows if row["country_code"] == country]


def journals_of(pilot: Pilot, country: str) -> list[Record]:
    return [
        event.record
        for event in pilot.form("journal").events
        if event.record and event.record["country"] == country
    ]


def sources(record: Record) -> list[tuple[str, Decimal, str]]:
    """Return kind, net amount and currency of each source, in either version."""
    old = [
        (
            source["j/ingresos/fuentes/tipo"],
            Decimal(source["j/ingresos/fuentes/neto"]),
            source.get("j/ingresos/fuentes/moneda", ""),
        )
        for source in record.get("j/ingresos/fuentes", [])
    ]
    new = [
        (
            source["j/income/inc_src/inc_type"],
            Decimal(source["j/income/inc_src/inc_net"]),
            source.get("j/income/inc_src/inc_cur", ""),
        )
        for source in record.get("j/income/inc_src", [])
    ]
    return old + new


@pytest.mark.parametrize(
    ("country", "ends", "sums", "family_count"),
    [
        ("LBR", ("2020-08-01", "2021-08-01"), [816_000, 897_600], 34),
        ("USA", ("2021-01-01", "2022-01-01"), [42_000, 43_260], 14),
    ],
)
def test_incomes_of_the_panel_add_up_exactly(
    pilot: Pilot,
    country: str,
    ends: tuple[str, str],
    sums: list[int],
    family_count: int,
) -> None:
    launch, end = (
        {
            row["family_code"]: int(row["income_local"])
            for row in rows_of(pilot, country)
            if row["journal_month"] == month
        }
        for month in ends
    )
    panel = launch.keys() & end.keys()
    assert len(panel) == family_count
    assert [sum(at[code] for code in panel) for at in (launch, end)] == sums


def test_new_york_has_fourteen_families_in_three_groups(pilot: Pilot) -> None:
    families = [
        row for row in pilot.truth.tables["families"] if row["country_code"] == "USA"
    ]
    groups = Counter(row["peer_group_code"] for row in families)
    assert groups == {"US-PG01": 5, "US-PG02": 5, "US-PG03": 4}


def test_every_liberian_source_names_its_currency_and_nobody_elses_does(
    pilot: Pilot,
) -> None:
    named: dict[str, set[str]] = {}
    for event in pilot.form("journal").events:
        if event.record:
            currencies = {currency for _, _, currency in sources(event.record)}
            named.setdefault(event.record["country"], set()).update(currencies)
    others = {country: {""} for country in ("mx", "co", "ph", "us")}
    assert named == {"lr": {"LRD", "USD"}, **others}


def test_ten_liberian_months_are_earned_partly_in_dollars(pilot: Pilot) -> None:
    true_incomes = {
        (row["family_code"], row["journal_month"]): row["income_local"]
        for row in rows_of(pilot, "LBR")
    }
    unconvertible = []
    mixed = [
        record
        for record in journals_of(pilot, "lr")
        if "USD" in {currency for _, _, currency in sources(record)}
    ]
    assert len(mixed) == 10
    for record in mixed:
        worth = sum(
            net * (RATE if currency == "USD" else 1)
            for kind, net, currency in sources(record)
            if not kind.startswith("cii_")
        )
        stated = true_incomes[record["family_code"].upper(), record["ref_month"]]
        if record["ref_month"] < "2021":
            assert Decimal(stated) == worth
        else:
            unconvertible.append(stated)
    assert unconvertible == ["", ""], "no rate of 2021 is in the warehouse"


def test_liberian_incomes_are_plausible_in_their_own_currency_only(
    pilot: Pilot,
) -> None:
    level = Decimal("1.8348")  # prices of 2020 in those of 2017
    own, of_the_economy = Decimal("47.996"), Decimal("0.419995")
    rows = [row for row in rows_of(pilot, "LBR") if row["income_local"]]
    people = sum(int(row["household_member_count"]) for row in rows)
    total = sum((Decimal(row["income_local"]) for row in rows), Decimal())
    mean = total / people / 365 * 12
    assert Decimal("0.1") < mean / (own * level) < 60
    assert mean / (of_the_economy * level) > 60

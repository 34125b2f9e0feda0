import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.warehouse.prices.world_bank_stand_in import WorldBankStandIn, served
from warehouse import prices
from warehouse.errors import PricesRejectedError, PricesUnavailableError
from warehouse.prices.compared import CPI, PPP, RATE

TODAY = date(2026, 11, 26)
ABOUT = "A series,A source,2020-01-01,CC BY 4.0"
COLUMNS = "series,source,retrieved_on,licence"
HEADS = {
    "cpi_annual": "country_code,currency_code,price_year,consumer_price_index",
    "ppp_private_consumption": "country_code,currency_code,price_year,"
    "local_per_usd_ppp,consumer_price_index_year_mean",
    "exchange_rates": "currency_code,period_start_date,period_end_date,local_per_usd",
}
LINES = {
    "cpi_annual": [
        f"LBR,LRD,2017,100.0000,{ABOUT}",
        f"LBR,LRD,2018,123.5635,{ABOUT}",
        f"LBR,LRD,2019,156.8840,{ABOUT}",
    ],
    "ppp_private_consumption": [
        f"LBR,LRD,2017,47.996021270752,100.0,{ABOUT}",
        f"MEX,MXN,2017,9.86147117614746,109.033,{ABOUT}",
    ],
    "exchange_rates": [
        f"LRD,2017-01-01,2017-12-31,112.71,{ABOUT}",
        f"LRD,2018-01-01,2018-12-31,144.06,{ABOUT}",
        f'MXN,2019-01-01,2019-01-31,19.1704,"Pesos, monthly",{ABOUT[9:]}',
    ],
}
SEEDS = {
    name: "\n".join([f"{head},{COLUMNS}", *LINES[name], ""])
    for name, head in HEADS.items()
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SEEDS.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


@pytest.fixture
def world_bank() -> Iterator[WorldBankStandIn]:
    """Publish what the seeds have, the index on another base."""
    stand_in = WorldBankStandIn(
        {
            (CPI, "LBR"): {
                2016: 170.0,
                2017: 200.0,
                2018: 247.127,
                2019: 313.768,
                2020: None,
            },
            (PPP, "LBR"): {2017: 47.996021270752, 2016: 40.0},
            (PPP, "MEX"): {2017: 9.86147117614746},
            (RATE, "LBR"): {2016: None, 2017: 112.71, 2018: 144.06},
        }
    )
    with served(stand_in) as running:
        yield running


def refresh(
    world_bank: WorldBankStandIn, folder: Path, *, check: bool = False
) -> prices.Refreshed:
    return prices.refresh(
        TODAY, check=check, api=world_bank.url, folder=folder, wait=lambda _: None
    )


def texts(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in folder.iterdir()}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_what_is_published_as_it_stands_moves_nothing(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    found = refresh(world_bank, folder)

    assert (found.moves, found.written) == ((), ())
    assert texts(folder) == SEEDS
    # Five years at three a page.
    assert sum("FP.CPI.TOTL" in asked for asked in world_bank.asked) == 2


def test_a_revised_and_a_new_value_are_written_and_listed_and_nothing_else_is(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[CPI, "LBR"] |= {2019: 314.0, 2020: 360.0}
    world_bank.series[RATE, "LBR"] |= {2019: 186.43}

    found = refresh(world_bank, folder)

    assert [(move.series, move.period, move.old, move.new) for move in found.moves] == [
        # 200 is 100 in the seed.
        (CPI, 2019, Decimal("156.884"), Decimal(157)),
        (CPI, 2020, None, Decimal(180)),
        (RATE, 2019, None, Decimal("186.43")),
    ]
    assert found.written == ("cpi_annual", "exchange_rates")
    before = SEEDS["cpi_annual"].splitlines()
    after = texts(folder)["cpi_annual"].splitlines()
    assert after[:3] == before[:3]
    revised = rows(folder, "cpi_annual")[2]
    assert revised == {
        "country_code": "LBR",
        "currency_code": "LRD",
        "price_year": "2019",
        "consumer_price_index": "157",
        "series": "Consumer price index (FP.CPI.TOTL), year 2017 as before",
        "source": "World Bank World Development Indicators, API, edition of 2026-10-07",
        "retrieved_on": "2026-11-26",
        "licence": "CC BY 4.0",
    }
    dollars = rows(folder, "exchange_rates")
    assert dollars[2]["period_end_date"] == "2019-12-31"
    assert dollars[3]["series"] == "Pesos, monthly"
    assert texts(folder)["ppp_private_consumption"] == SEEDS["ppp_private_consumption"]
    assert refresh(world_bank, folder).moves == ()


def test_checking_lists_and_writes_nothing(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[RATE, "LBR"][2018] = 145.0

    found = refresh(world_bank, folder, check=True)

    assert [move.new for move in found.moves] == [Decimal(145)]
    assert texts(folder) == SEEDS


def test_a_factor_in_the_other_currency_is_not_believed_and_holds_up_its_round(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[PPP, "LBR"][2017] = 0.52
    world_bank.series[PPP, "MEX"][2017] = 10.2

    found = refresh(world_bank, folder)

    (liberia, mexico) = found.refused
    assert "another unit or currency" in liberia.refused
    assert "no factor of the same round for LBR" in mexico.refused
    assert texts(folder) == SEEDS


def test_factors_of_a_new_round_move_together(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[PPP, "LBR"][2017] = 38.4
    world_bank.series[PPP, "MEX"][2017] = 9.2

    found = refresh(world_bank, folder)

    assert found.refused == ()
    moved = rows(folder, "ppp_private_consumption")
    assert [row["local_per_usd_ppp"] for row in moved] == ["38.4", "9.2"]
    # The index that carries the factor on is of another source and stays.
    assert [row["consumer_price_index_year_mean"] for row in moved] == [
        "100.0",
        "109.033",
    ]


@pytest.mark.parametrize("country", ["LBR", "MEX"])
def test_factors_without_one_country_stay(
    country: str, world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[PPP, "LBR"][2017] = 38.4
    world_bank.series[PPP, "MEX"][2017] = 9.2
    world_bank.series[PPP, country] = {}

    found = refresh(world_bank, folder)

    assert len(found.moves) == len(found.refused) == 1
    assert texts(folder) == SEEDS


def test_an_index_without_the_base_year_is_left_alone(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[CPI, "LBR"][2017] = None
    world_bank.series[CPI, "LBR"][2019] = 500.0

    assert refresh(world_bank, folder).moves == ()
    assert texts(folder) == SEEDS


def test_a_server_that_is_down_for_a_moment_is_asked_again(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.bad_gateways = 2

    assert refresh(world_bank, folder).moves == ()


def test_a_server_that_stays_down_leaves_the_seeds_as_they_are(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[CPI, "LBR"][2019] = 314.0
    world_bank.bad_gateways = 99

    with pytest.raises(PricesUnavailableError, match=r"502.*try again later"):
        refresh(world_bank, folder)
    assert texts(folder) == SEEDS


def test_an_error_that_comes_with_status_200_is_an_error(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[CPI, "LBR"][2019] = 314.0
    del world_bank.series[RATE, "LBR"]  # the last that is asked for

    with pytest.raises(PricesRejectedError, match="FCRF of LBR: Not valid"):
        refresh(world_bank, folder)
    assert texts(folder) == SEEDS


ROW = b'[{"pages": 1}, [{"countryiso3code": "%s", "date": "%s", "value": %s}]]'


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"<html>", PricesUnavailableError),
        (b"{}", PricesRejectedError),
        (b"[]", PricesRejectedError),
        (ROW % (b"MEX", b"2017", b"1"), PricesRejectedError),
        (ROW % (b"LBR", b"2017M1", b"1"), PricesRejectedError),
        (ROW % (b"LBR", b"2017", b"0"), PricesRejectedError),
        (ROW % (b"LBR", b"2017", b"NaN"), PricesRejectedError),
    ],
)
def test_an_answer_that_is_no_series_changes_no_seed(
    raw: bytes, error: type[Exception], world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.raw = raw

    with pytest.raises(error):
        refresh(world_bank, folder)
    assert texts(folder) == SEEDS


def test_the_command_prints_what_moved_and_fails_where_a_value_is_not_believed(
    world_bank: WorldBankStandIn, folder: Path
) -> None:
    world_bank.series[RATE, "LBR"] |= {2018: 145.5, 2019: 1.0}
    command = [sys.executable, "-m", "warehouse", "refresh-prices", "--check"]

    done = subprocess.run(
        [*command, "--api", world_bank.url, "--seeds", str(folder)],
        env=os.environ | {"NO_PROXY": "*"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[:2] == [
        ["series", "country", "period", "old", "new"],
        ["PA.NUS.FCRF", "LBR", "2018", "144.06", "145.5"],
    ]
    assert lines[2][:5] == ["PA.NUS.FCRF", "LBR", "2019", "-", "1"]
    assert done.stdout.splitlines()[-1] == "2 values moved; no seed written."
    assert done.stderr.startswith("1 of them are not believed")

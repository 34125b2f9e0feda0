"""Refresh the seeds of prices from the World Bank, and say what moved."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from warehouse.dbt import PROJECT
from warehouse.errors import PricesMovedError, PricesRejectedError
from warehouse.prices.compared import (
    compare_factors,
    compare_indexes,
    compare_rates,
)
from warehouse.prices.seeds import Move, read_seed, write_seed
from warehouse.prices.table import as_table
from warehouse.prices.world_bank import API, TIMEOUT, WorldBank

SEEDS = PROJECT / "seeds"
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found.

    Attributes:
        moves: Every value that is published otherwise now, seed by seed.
        written: Names of the seeds that were written.
    """

    moves: tuple[Move, ...]
    written: tuple[str, ...]

    @property
    def refused(self) -> tuple[Move, ...]:
        """Return the moves that were not believed."""
        return tuple(move for move in self.moves if move.refused)


def refresh(
    today: date,
    *,
    check: bool = False,
    api: str = API,
    folder: Path = SEEDS,
    wait: Callable[[float], None] = time.sleep,
) -> Refreshed:
    """Fetch every series first, and only then write the seeds that moved.

    Args:
        today: Written as `retrieved_on` beside every value that moved.
        check: Write nothing.
        api: The publisher's address.
        folder: Where the seeds are.
        wait: What to do between two tries of a request, given the seconds.

    Raises:
        PricesUnavailableError: The publisher does not answer; nothing was written.
        PricesRejectedError: It refuses a series; nothing was written.
    """
    indexes, factors, rates = (
        read_seed(folder, name)
        for name in ("cpi_annual", "ppp_private_consumption", "exchange_rates")
    )
    day = today.isoformat()
    with httpx.Client(base_url=api, timeout=TIMEOUT, follow_redirects=True) as client:
        fetch = WorldBank(client, wait).series
        compared = [
            compare_indexes(indexes, factors, fetch, day),
            compare_factors(factors, fetch, day),
            compare_rates(rates, factors, fetch, day),
        ]
    moves = tuple(move for one in compared for move in one.moves)
    changed = [one for one in compared if any(not move.refused for move in one.moves)]
    if check:
        return Refreshed(moves, ())
    for one in changed:
        write_seed(one.seed, one.rows)
    return Refreshed(moves, tuple(one.seed.name for one in changed))


def require_current(
    today: date, *, write: bool = False, api: str = API, folder: Path = SEEDS
) -> list[str]:
    """Log what moved, and fail where a person has to look at it.

    Args:
        today: See `refresh`.
        write: Write what moved and is believed.
        api: The publisher's address.
        folder: Where the seeds are.

    Returns:
        The seeds that were written.

    Raises:
        PricesMovedError: Values moved and were not to be written.
        PricesRejectedError: Values are not believed; the others were written if asked.
        PricesUnavailableError: The publisher does not answer; nothing was written.
    """
    found = refresh(today, check=not write, api=api, folder=folder)
    for line in as_table(found.moves):
        LOG.info("%s", line)
    if found.refused:
        raise PricesRejectedError(
            f"{len(found.refused)} values of the publisher are not believed: look at "
            "each, and write it into the seed by hand if it is right."
        )
    if found.moves and not write:
        raise PricesMovedError(
            f"{len(found.moves)} prices, factors or rates have moved: run `python -m "
            "warehouse refresh-prices`, read what changed and commit the seeds."
        )
    return list(found.written)

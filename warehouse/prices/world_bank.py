"""Yearly series from the Indicators API of the World Bank.

API reference: https://datahelpdesk.worldbank.org/knowledgebase/articles/889392
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any

import httpx

from warehouse.errors import PricesRejectedError, PricesUnavailableError

API = "https://api.worldbank.org"
PAGE_SIZE = 1000
# A list that never ends is no list of years.
PAGES_AT_MOST = 50
# What no index, factor or rate reaches; infinity too.
HUGE = 10**12
ATTEMPTS = 4
FIRST_WAIT_SECONDS = 1.0
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
BUSY = frozenset({429, 500, 502, 503, 504})

Json = dict[str, Any]
Query = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Published:
    """One series of one country.

    Attributes:
        values: Year -> value, of the years that have one.
        updated_on: When the publisher last updated it, in its words; may be empty.
    """

    values: dict[int, Decimal]
    updated_on: str


class WorldBank:
    """Reads series, page by page.

    Args:
        client: An open client with the API's address. The caller owns it.
        wait: What to do between two tries, given the seconds.

    Raises:
        PricesUnavailableError: It does not answer, or with 429 or 5xx, time and again.
        PricesRejectedError: It refuses the request, or answers what is no series.
    """

    def __init__(
        self, client: httpx.Client, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self._wait = wait

    def series(self, indicator: str, country_code: str) -> Published:
        """Return a yearly series, such as `FP.CPI.TOTL` of `MEX`."""
        values: dict[int, Decimal] = {}
        updated_on = ""
        for meta, rows in self._pages(indicator, country_code):
            updated_on = str(meta.get("lastupdated") or updated_on)
            values |= _values(rows, indicator, country_code)
        return Published(values, updated_on)

    def _pages(self, indicator: str, country: str) -> Iterator[tuple[Json, list[Json]]]:
        path = f"/v2/country/{country}/indicator/{indicator}"
        page, pages = 1, 1
        while page <= min(pages, PAGES_AT_MOST):
            query: Query = {"format": "json", "per_page": PAGE_SIZE, "page": page}
            meta, rows = _parts(self._get(path, query), f"{indicator} of {country}")
            pages = int(meta.get("pages") or 0)
            yield meta, rows
            page += 1

    def _get(self, path: str, query: Query) -> httpx.Response:
        said = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._wait(FIRST_WAIT_SECONDS * 2 ** (attempt - 1))
            try:
                response = self._client.get(path, params=query)
            except httpx.TransportError as error:
                said = f"{type(error).__name__}"
                continue
            if response.status_code == HTTPStatus.OK:
                return response
            if response.status_code not in BUSY:
                raise PricesRejectedError(
                    f"The World Bank refused {path} with {response.status_code}: look "
                    "whether the indicator and the country still exist."
                )
            said = f"it answered {response.status_code}"
        raise PricesUnavailableError(
            f"The World Bank did not give {path} ({said}): try again later; no seed "
            "was changed."
        )


def _parts(response: httpx.Response, what: str) -> tuple[Json, list[Json]]:
    """Return an answer's description and its rows; errors come with status 200."""
    try:
        answer = response.json()
    except ValueError as error:
        raise PricesUnavailableError(
            f"The World Bank answered no JSON for {what}: try again later; no seed was "
            "changed."
        ) from error
    if not isinstance(answer, list) or not answer or not isinstance(answer[0], dict):
        raise PricesRejectedError(f"The World Bank's answer for {what} is no series.")
    for message in answer[0].get("message") or []:
        raise PricesRejectedError(
            f"The World Bank refused {what}: {message.get('value') or message}."
        )
    rows = answer[1] if len(answer) > 1 else None
    return answer[0], rows or []


def _values(rows: list[Json], indicator: str, country: str) -> dict[int, Decimal]:
    found = {}
    for row in rows:
        if row.get("value") is None:
            continue
        try:
            year, value = int(row["date"]), Decimal(str(row["value"]))
            is_possible = 0 < value < HUGE  # to compare NaN is an error
        except (KeyError, ValueError, InvalidOperation) as error:
            raise PricesRejectedError(
                f"The World Bank's {indicator} of {country} has a row that is no year "
                f"and value: {row.get('date')!r}, {row.get('value')!r}."
            ) from error
        if row.get("countryiso3code") not in {country, ""} or not is_possible:
            raise PricesRejectedError(
                f"The World Bank's {indicator} of {country} has an impossible value: "
                f"{value} of {row.get('countryiso3code')!r} in {year}."
            )
        found[year] = value
    return found

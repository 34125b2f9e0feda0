"""What is published for each seed, in the seed's own unit and base.

The monthly index, `cpi_monthly`, is not here: the World Bank's API has yearly indexes
only, and a country's prices come from one series.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from warehouse.prices.seeds import Move, Rows, Seed, pairs, rounded, years_of
from warehouse.prices.world_bank import Published

CPI, PPP, RATE = "FP.CPI.TOTL", "PA.NUS.PRVT.PP", "PA.NUS.FCRF"
LICENCE = "CC BY 4.0"
# No price level and no currency moved as far within a year in our countries. Liberia's
# factors in the other of its two currencies are some hundred times smaller.
FAR = 3

Fetch = Callable[[str, str], Published]


@dataclass(frozen=True, slots=True)
class Compared:
    """A seed beside what is published.

    Attributes:
        seed: The seed.
        moves: Every value that is another one now, refused ones too.
        rows: The seed's rows as they should be, refused values left as they were.
    """

    seed: Seed
    moves: list[Move]
    rows: Rows


@dataclass(frozen=True, slots=True)
class _Series:
    seed: str
    indicator: str
    label: str
    key_column: str
    year_column: str
    value_column: str
    digits: int


@dataclass(frozen=True, slots=True)
class _News:
    """What is published of one country's series.

    Attributes:
        values: Year -> value, in the seed's unit and base.
        updated_on: The publisher's day.
        today: Ours.
    """

    values: dict[int, Decimal]
    updated_on: str
    today: str


_CPI = _Series(
    "cpi_annual",
    CPI,
    "Consumer price index (FP.CPI.TOTL), year {base} as before",
    "country_code",
    "price_year",
    "consumer_price_index",
    4,
)
_PPP = _Series(
    "ppp_private_consumption",
    PPP,
    "Purchasing power parity of private consumption (PA.NUS.PRVT.PP)",
    "country_code",
    "price_year",
    "local_per_usd_ppp",
    10,
)
_RATE = _Series(
    "exchange_rates",
    RATE,
    "Official exchange rate, period average (PA.NUS.FCRF)",
    "currency_code",
    "period_start_date",
    "local_per_usd",
    10,
)


def compare_indexes(seed: Seed, factors: Seed, fetch: Fetch, today: str) -> Compared:
    """Compare `cpi_annual`, level for level with the base year of the factors.

    The publisher's index has another base. Its level of the year that the purchasing
    power factor is of is set to the seed's, so that the two go on belonging together.
    """
    base_years = {row["country_code"]: int(row["price_year"]) for row in factors.rows}
    compared = Compared(seed, [], [])
    for country, currency in pairs(seed.rows):
        known = years_of(seed.rows, "price_year", "country_code", country)
        published = fetch(CPI, country)
        base = base_years.get(country, min(known))
        based = {}
        if base in published.values and base in known:
            level = Decimal(known[base]["consumer_price_index"])
            based = {
                year: value / published.values[base] * level
                for year, value in published.values.items()
                if year >= min(known)
            }
        template = {"country_code": country, "currency_code": currency}
        series = replace(_CPI, label=_CPI.label.format(base=base))
        news = _News(based, published.updated_on, today)
        _take(compared, series, template, known, news)
    return compared


def compare_factors(seed: Seed, fetch: Fetch, today: str) -> Compared:
    """Compare `ppp_private_consumption`: all countries move to new factors, or none.

    Two countries compare only by factors of one round. Where one country's is missing
    or refused, so is every other's.
    """
    compared = Compared(seed, [], [])
    lacking = []
    for row in seed.rows:
        country, year = row["country_code"], int(row["price_year"])
        published = fetch(PPP, country)
        values = {y: value for y, value in published.values.items() if y == year}
        if not values:
            lacking.append(country)
        news = _News(values, published.updated_on, today)
        _take(compared, _PPP, row, {year: row}, news)
    lacking += [move.country_code for move in compared.moves if move.refused]
    if not lacking or not compared.moves:
        return compared
    reason = f"no factor of the same round for {', '.join(sorted(set(lacking)))}"
    moves = [replace(move, refused=move.refused or reason) for move in compared.moves]
    return Compared(seed, moves, list(seed.rows))


def compare_rates(seed: Seed, factors: Seed, fetch: Fetch, today: str) -> Compared:
    """Compare the yearly rows of `exchange_rates`; monthly ones stay as they are."""
    countries = {currency: country for country, currency in pairs(factors.rows)}
    yearly = [row for row in seed.rows if _is_year(row)]
    compared = Compared(seed, [], [row for row in seed.rows if not _is_year(row)])
    for currency in dict.fromkeys(row["currency_code"] for row in yearly):
        known = years_of(yearly, "period_start_date", "currency_code", currency)
        if currency not in countries:
            compared.rows.extend(known.values())
            continue
        published = fetch(RATE, countries[currency])
        values = {y: v for y, v in published.values.items() if y >= min(known)}
        template = {"currency_code": currency, "country_code": countries[currency]}
        news = _News(values, published.updated_on, today)
        _take(compared, _RATE, template, known, news)
    compared.rows.sort(key=lambda row: (row["currency_code"], row["period_start_date"]))
    return compared


def _is_year(row: dict[str, str]) -> bool:
    start, end = row["period_start_date"], row["period_end_date"]
    return start[:4] == end[:4] and (start[5:], end[5:]) == ("01-01", "12-31")


def _take(
    compared: Compared,
    series: _Series,
    template: dict[str, str],
    known: dict[int, dict[str, str]],
    news: _News,
) -> None:
    """Add a country's rows and moves; a value that did not move keeps its row."""
    for year in sorted(known.keys() | news.values.keys()):
        row = known.get(year)
        move = _move(series, template["country_code"], year, known, news)
        if move:
            compared.moves.append(move)
        if move and not move.refused:
            row = _written(compared.seed, series, template | (row or {}), move, news)
        if row:
            compared.rows.append(row)


def _move(
    series: _Series,
    country: str,
    year: int,
    known: dict[int, dict[str, str]],
    news: _News,
) -> Move | None:
    if year not in news.values:
        return None
    new = rounded(news.values[year], series.digits)
    nearest = min(known, key=lambda other: abs(other - year))
    before = rounded(Decimal(known[nearest][series.value_column]), series.digits)
    if nearest == year and before == new:
        return None
    old = before if nearest == year else None
    return Move(
        series.indicator, series.seed, country, year, old, new, _doubt(before, new)
    )


def _written(
    seed: Seed, series: _Series, row: dict[str, str], move: Move, news: _News
) -> dict[str, str]:
    """Return a row with its new value and where that is from."""
    edition = f", edition of {news.updated_on}" if news.updated_on else ""
    period = {series.year_column: str(move.period)}
    if series is _RATE:
        period = {
            "period_start_date": f"{move.period}-01-01",
            "period_end_date": f"{move.period}-12-31",
        }
    about = {
        series.value_column: f"{move.new:f}",
        "series": series.label,
        "source": f"World Bank World Development Indicators, API{edition}",
        "retrieved_on": news.today,
        "licence": LICENCE,
    }
    row = row | period | about
    return {column: row[column] for column in seed.columns}


def _doubt(before: Decimal, new: Decimal) -> str:
    if before / FAR <= new <= before * FAR:
        return ""
    return f"more than {FAR} times away from {before:f}: another unit or currency?"

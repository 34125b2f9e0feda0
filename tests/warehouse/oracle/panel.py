"""The facts of the warehouse as pandas frames, and the rows metrics are made of."""

from dataclasses import dataclass

import pandas as pd
import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from tests.warehouse.oracle.figures import PLACES, Column, Frame, rows_of

COMPARED = (1, 7)
FACTS = (
    "fct_family_months",
    "fct_family_baselines",
    "fct_investments",
    "fct_goal_events",
    "fct_journal_payments",
    "fct_mutual_support",
    "fct_shocks",
    "dim_families",
    "dim_cohorts",
)


@dataclass(frozen=True, slots=True)
class Panel:
    """What is known live of families that agreed to be part of totals."""

    months: Frame
    baselines: Frame
    investments: Frame
    goals: Frame
    payments: Frame
    help: Frame
    shocks: Frame
    families: Frame
    windows: Frame


def read_panel(url: str) -> Panel:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        read = {
            name: _to_frame(
                connection.execute(
                    SQL("select * from marts.{}").format(Identifier(name))
                ).fetchall()
            )
            for name in FACTS
        }
    families = read["dim_families"]
    refused = families.loc[families["has_consented_to_aggregates"] != 1, "family_key"]
    kept = {
        name: frame[~frame["family_key"].isin(refused)]
        if "family_key" in frame
        else frame
        for name, frame in read.items()
    }
    cohorts = kept["dim_cohorts"]
    windows = pd.DataFrame(
        {
            "cohort_code": cohorts["cohort_code"],
            "recruited": pd.to_datetime(cohorts["recruited_from_month"]),
            "start": pd.to_datetime(cohorts["launch_month"]),
            "end": pd.to_datetime(cohorts["analysis_end_month"]),
        }
    )
    return Panel(
        months=kept["fct_family_months"],
        baselines=kept["fct_family_baselines"],
        investments=kept["fct_investments"],
        goals=kept["fct_goal_events"],
        payments=kept["fct_journal_payments"],
        help=kept["fct_mutual_support"],
        shocks=kept["fct_shocks"],
        families=kept["dim_families"],
        windows=windows,
    )


def _to_frame(rows: list[dict[str, object]]) -> Frame:
    """Return a frame whose numbers are floats, and whose months are timestamps."""
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        if name.endswith(("_month", "_date")):
            frame[name] = pd.to_datetime(frame[name])
        elif name.endswith(
            ("_local", "_score", "_count", "_days", "_hours", "_factor", "_launch")
        ):
            frame[name] = frame[name].astype(float)
        elif name.startswith(("is_", "has_")):
            frame[name] = frame[name].astype("boolean").astype("Float64").astype(float)
    return frame


def is_told(month: pd.Timestamp) -> bool:
    """Tell whether a month is among those compared: every sixth, to save time.

    No definition knows one month from another.
    """
    return bool(month.month in COMPARED)


def in_months(frame: Frame, month: str = "journal_month") -> Frame:
    """Return rows as figures of their own month."""
    compared = frame[frame[month].dt.month.isin(COMPARED)]
    return compared.assign(start=compared[month], end=compared[month])


def in_windows(frame: Frame, panel: Panel, month: str = "journal_month") -> Frame:
    """Return the rows that lie in their cohort's window, as figures of it."""
    joined = frame.merge(panel.windows, on="cohort_code")
    return joined[joined[month].between(joined["start"], joined["end"])]


def in_both(frame: Frame, panel: Panel, month: str = "journal_month") -> Frame:
    return pd.concat([in_months(frame, month), in_windows(frame, panel, month)])


def ever(frame: Frame, panel: Panel) -> Frame:
    """Return one row a family: the largest of its months, where it was in the first."""
    inside = in_windows(frame.dropna(subset=["measured"]), panel)
    ordered = inside.sort_values("journal_month")
    by = ["family_key", "start", "end", "category"]
    firsts = ordered.groupby(by, as_index=False)[PLACES[1:]].first()
    largest = ordered.groupby(by, as_index=False)["measured"].max()
    return rows_of(firsts.merge(largest, on=by))


def in_prices(frame: Frame, *, both: bool = False) -> Frame:
    """Return money as reported, at launch prices and in international dollars.

    Args:
        frame: Rows of months with the month's price level and purchasing power.
        both: Whether `weight` is money too; then prices cancel, and dollars are only
            for what spans countries.
    """
    kinds: dict[str, tuple[Column, Column]] = {
        "nominal": (frame["currency_code"], 1.0),
        "real": (frame["currency_code"], frame["price_level_to_launch"]),
        "usd_ppp": ("USD_PPP", frame["purchasing_power_factor"]),
    }
    if both:
        del kinds["real"]
    priced = []
    for price, (unit, divisor) in kinds.items():
        made = frame.assign(
            price=price, unit=unit, measured=frame["measured"] / divisor
        )
        if both:
            made = made.assign(weight=frame["weight"] / divisor)
        priced.append(made)
    return rows_of(pd.concat(priced))


def at_ends(panel: Panel, measured: Column, weight: Column | float = 1.0) -> Frame:
    """Return launch and end of each cohort's window, of all reporters and balanced.

    A family counts at both ends where it was at the start; a household that split
    between the ends is not compared with itself.
    """
    valued = panel.months.assign(measured=measured, weight=weight)
    joined = valued.merge(panel.windows, on="cohort_code")
    joined = joined.dropna(subset=["measured", "weight"])
    start = joined[joined["journal_month"] == joined["start"]].assign(moment="start")
    end = joined[joined["journal_month"] == joined["end"]].assign(moment="end")
    reporters = pd.concat([start, end]).assign(panel="all_reporters")
    balanced = balance(start, end, panel)
    return pd.concat([reporters, balanced])


def balance(start: Frame, end: Frame, panel: Panel) -> Frame:
    common = set(start["family_key"]) & set(end["family_key"])
    split = panel.families.set_index("family_key")["split_date"].dropna()
    split = split.dt.to_period("M").dt.to_timestamp()
    windows = start.set_index("family_key")[["start", "end"]]
    halves = {
        family
        for family, month in split.items()
        if family in common
        and windows.loc[family, "start"] < month <= windows.loc[family, "end"]
    }
    kept = common - halves
    first = start[start["family_key"].isin(kept)]
    places = first.set_index("family_key")[PLACES[1:]]
    last = end[end["family_key"].isin(kept)].drop(columns=PLACES[1:])
    last = last.join(places, on="family_key")
    return pd.concat([first, last]).assign(panel="balanced")

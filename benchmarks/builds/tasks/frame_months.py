"""The family months in pandas: roster, status, incomes and savings of what is live.

The build makes sixty measures of every month, for every release and with corrections;
this makes five of what is live, and knows that a panel has no corrections and no
mistyped family codes. It is what an analyst would write who has the raw answers only.
"""

from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import psycopg

from benchmarks.builds.tasks.task import Job, take_task

ACCEPTED = ("none", "approved")
DUE_DAYS = 15
NOT_INCOME = r"^cii_|loan|withdrawal|payout|asset"
VERSION = "submission_id, version_number, change_code, review_state_code, received_at"
QUERIES = {
    "journals": f"""
        select {VERSION}, answers ->> 'family_code' as family_code,
            answers ->> 'reported_month' as journal_month,
            answers ->> 'is_sharing' as is_sharing,
            answers ->> 'income_any_code' as income_any_code,
            answers ->> 'savings_any_code' as savings_any_code,
            answers ->> 'savings_balance_local' as savings_balance_local,
            answers -> 'income_sources' as income_sources
        from raw.forms__journals
    """,  # noqa: S608 - our own names
    "enrolments": f"""
        select {VERSION}, answers ->> 'family_code' as family_code,
            answers ->> 'site_code' as site_code,
            answers ->> 'enrolled_date' as enrolled_date,
            answers ->> 'consents_to_journal' as consents_to_journal
        from raw.forms__enrolments
    """,  # noqa: S608 - as above
    "exits": f"""
        select {VERSION}, answers ->> 'family_code' as family_code,
            answers ->> 'exit_kind_code' as exit_kind_code,
            answers ->> 'exit_date' as exit_date,
            answers ->> 'data_wish_code' as data_wish_code
        from raw.forms__exits
    """,  # noqa: S608 - as above
    "sites": """
        select site_code, timezone, launch_month,
            coalesce(extension_end_month, analysis_end_month) as last_month
        from raw.registry__sites
        inner join raw.registry__cohorts on registry__cohorts.site_codes ? site_code
    """,
}
MONTH = ["family_code", "journal_month"]


def months(job: Job) -> dict[str, Any]:
    """Compute the family months; return counts and sums by which to compare them."""
    tables = {
        name: _read(job["url"], query, Path(job["folder"]) / f"{name}.csv")
        for name, query in QUERIES.items()
    }
    newest = tables["journals"]["received_at"].max()
    exits = _latest_versions(tables["exits"])
    families = _families(tables, exits, newest)
    journals = _placed(_latest_versions(tables["journals"]), families)
    family_months = _with_status(_expected(families, journals), journals, exits)
    chosen = _with_income(_chosen(journals))
    measures = family_months.merge(chosen, on=MONTH, how="left")
    return _totals(measures)


def _read(url: str, query: str, path: Path) -> pd.DataFrame:
    with psycopg.connect(url) as connection, path.open("wb") as file:
        connection.execute("set timezone = 'UTC'")
        statement = f"copy ({query}) to stdout (format csv, header)"
        with connection.cursor().copy(statement.encode()) as copy:
            for block in copy:
                file.write(block)
    frame = pd.read_csv(path, dtype={"is_sharing": str, "consents_to_journal": str})
    path.unlink()
    for name in frame.columns:
        if name.endswith("_at"):
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
        elif name.endswith(("_date", "_month")):
            frame[name] = pd.to_datetime(frame[name])
    return frame


def _latest_versions(frame: pd.DataFrame) -> pd.DataFrame:
    newest = frame.sort_values("version_number").drop_duplicates(
        "submission_id", keep="last"
    )
    kept = newest[newest["change_code"] != "deleted"]
    return kept.assign(is_accepted=kept["review_state_code"].isin(ACCEPTED))


def _families(
    tables: dict[str, pd.DataFrame], exits: pd.DataFrame, newest: pd.Timestamp
) -> pd.DataFrame:
    """Return each family with the months it is expected in."""
    enrolled = _latest_versions(tables["enrolments"])
    enrolled = enrolled[enrolled["is_accepted"]]
    enrolled = enrolled.sort_values("received_at").drop_duplicates(
        "family_code", keep="last"
    )
    enrolled = enrolled[enrolled["consents_to_journal"] == "true"]
    left = exits[exits["is_accepted"] & exits["exit_kind_code"].isin(["exit", "merge"])]
    left = left.sort_values("received_at").drop_duplicates("family_code", keep="last")
    found = enrolled.merge(tables["sites"], on="site_code").merge(
        left[["family_code", "exit_date", "data_wish_code"]],
        on="family_code",
        how="left",
    )
    found = found[~found["data_wish_code"].isin(["erase", "freeze"])]
    begun = _month(found["enrolled_date"])
    closed = (newest.tz_localize(None).to_period("M") - 1).to_timestamp()
    gone = _month(found["exit_date"] + pd.Timedelta(days=1)) - pd.DateOffset(months=1)
    last = found["last_month"]
    last = last.where(last < closed, closed)
    return found.assign(
        first_month=found["launch_month"].where(found["launch_month"] > begun, begun),
        final_month=last.where(~(gone < last), gone),
    )


def _placed(journals: pd.DataFrame, families: pd.DataFrame) -> pd.DataFrame:
    columns = ["family_code", "timezone", "first_month", "last_month"]
    placed = journals.merge(families[columns], on="family_code")
    placed["is_accepted"] &= placed["is_sharing"] != "false"
    placed["is_in_window"] = placed["journal_month"].between(
        placed["first_month"], placed["last_month"]
    )
    placed["received_date"] = pd.NaT
    for zone, rows in placed.groupby("timezone").groups.items():
        local = placed.loc[rows, "received_at"].dt.tz_convert(str(zone))
        placed.loc[rows, "received_date"] = local.dt.tz_localize(None).dt.normalize()
    return placed


def _expected(families: pd.DataFrame, journals: pd.DataFrame) -> pd.DataFrame:
    """Return the family months of the roster."""
    first, final = families["first_month"], families["final_month"]
    counts = (_number(final) - _number(first) + 1).clip(lower=0)
    rows = families.loc[families.index.repeat(counts), ["family_code", "first_month"]]
    number = _number(rows["first_month"]) + rows.groupby("family_code").cumcount()
    rows["journal_month"] = pd.to_datetime(
        {"year": number // 12, "month": number % 12 + 1, "day": 1}
    )
    told = journals[journals["is_accepted"] & journals["is_in_window"]]
    return (
        pd.concat([rows[MONTH], told[MONTH]])
        .drop_duplicates()
        .sort_values(MONTH, ignore_index=True)
    )


def _with_status(
    expected: pd.DataFrame, journals: pd.DataFrame, exits: pd.DataFrame
) -> pd.DataFrame:
    told = journals[journals["is_accepted"] & journals["is_in_window"]]
    first = told.groupby(MONTH)["received_date"].min().rename("first_received")
    refused = journals.loc[~journals["is_accepted"], MONTH].drop_duplicates()
    rows = expected.merge(first, on=MONTH, how="left").merge(
        refused.assign(has_refused=True), on=MONTH, how="left"
    )
    rows = _with_pause(rows, exits)
    seen = rows["journal_month"].where(rows["first_received"].notna())
    newest = seen.groupby(rows["family_code"]).cummax()
    newest = newest.groupby(rows["family_code"]).ffill()
    due = rows["journal_month"] + pd.offsets.MonthEnd(0) + pd.Timedelta(days=DUE_DAYS)
    status = pd.Series("missing", index=rows.index)
    paused = rows["paused_month"]
    status[paused.notna() & (newest.isna() | (paused >= newest))] = "paused"
    status[rows["has_refused"].notna()] = "rejected"
    status[rows["first_received"].notna()] = "late"
    status[rows["first_received"] <= due] = "on_time"
    return rows.assign(journal_status_code=status)


def _with_pause(rows: pd.DataFrame, exits: pd.DataFrame) -> pd.DataFrame:
    """Add the newest pause that had begun by the end of the month."""
    pauses = exits[exits["is_accepted"] & (exits["exit_kind_code"] == "pause")]
    begun = pauses.assign(paused_month=_month(pauses["exit_date"]))
    both = rows[MONTH].merge(begun[["family_code", "paused_month"]], on="family_code")
    both = both[both["paused_month"] <= both["journal_month"]]
    newest = both.groupby(MONTH, as_index=False)["paused_month"].max()
    return rows.merge(newest, on=MONTH, how="left")


def _chosen(journals: pd.DataFrame) -> pd.DataFrame:
    """Return the newest accepted journal of each month."""
    told = journals[journals["is_accepted"] & journals["is_in_window"]]
    return told.sort_values(["received_at", "submission_id"]).drop_duplicates(
        MONTH, keep="last"
    )


def _with_income(journals: pd.DataFrame) -> pd.DataFrame:
    """Return the months' measures in the families' own money."""
    sources = journals["income_sources"].dropna().map(orjson.loads).explode().dropna()
    lines = pd.DataFrame(sources.tolist(), index=sources.index)
    net = lines["gross_local"] - lines["cost_local"].fillna(0)
    kind = lines["income_type_code"]
    by_kind = pd.DataFrame(
        {
            "income_local": net.where(~kind.str.contains(NOT_INCOME), 0),
            "income_programme_local": net.where(kind.str.startswith("cii_"), 0),
        }
    )
    # A sum without one of its parts is not known, nor is that of a family that listed
    # none and did not say "no".
    summed = by_kind.groupby(level=0).sum(skipna=False)
    measures = journals[MONTH].join(summed)
    said_no = journals["income_any_code"] == "no"
    measures[summed.columns] = measures[summed.columns].mask(said_no, 0)
    balance = journals["savings_balance_local"]
    measures["savings_balance_local"] = balance.mask(
        journals["savings_any_code"] == "no", 0
    )
    return measures


def _totals(measures: pd.DataFrame) -> dict[str, Any]:
    counts = measures["journal_status_code"].value_counts()
    names = ("income_local", "income_programme_local", "savings_balance_local")
    return {
        **{str(code): int(count) for code, count in sorted(counts.items())},
        **{name: round(float(measures[name].sum()), 2) for name in names},
    }


def _month(days: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
    return days - pd.to_timedelta(days.dt.day - 1, unit="D")


def _number(months_: "pd.Series[pd.Timestamp]") -> "pd.Series[int]":
    return months_.dt.year * 12 + months_.dt.month - 1


if __name__ == "__main__":
    take_task(months)

"""The metrics as the programme defines them, each a function of the panel.

The words of each definition are those of the catalogue; the figures they give are what
the warehouse must have.
"""

from collections.abc import Callable

import pandas as pd

from tests.warehouse.oracle.figures import (
    Column,
    Expected,
    Figures,
    Frame,
    Key,
    chained_changes,
    changes,
    difference,
    distribution,
    family_changes,
    median_times,
    quantiles,
    ratios,
    rows_of,
    shares,
    totals,
)
from tests.warehouse.oracle.panel import (
    Panel,
    at_ends,
    balance,
    ever,
    in_both,
    in_months,
    in_prices,
    in_windows,
)

Metric = Callable[[Panel], Figures]


def money_at_ends(panel: Panel, measured: Column, **columns: object) -> Frame:
    """Return both ends of a window, in each kind of prices of its own month."""
    weight = columns.pop("weight", 1.0)
    return in_prices(at_ends(panel, measured, weight).assign(**columns))


def m01(panel: Panel) -> Figures:
    months = panel.months
    per_head = months["income_local"] / months["household_member_count"].replace(
        0, pd.NA
    )
    found: Figures = {}
    for per, measured in (
        ("household", months["income_local"]),
        ("per_capita", per_head),
    ):
        rows = in_both(months.assign(measured=measured, weight=1.0, per=per), panel)
        found |= ratios(in_prices(rows), "level")
    return found


def m02(panel: Panel) -> Figures:
    """Income as told at enrolment, beside the launch month's, nominal."""
    told = panel.baselines.merge(panel.windows, on="cohort_code")
    told = told[told["baseline_month"] < told["start"]]
    start = told.assign(
        end=told["start"], start=told["recruited"], measured=told["income_local"]
    )
    launched = panel.months.merge(panel.windows, on="cohort_code")
    launched = launched[launched["journal_month"] == launched["start"]]
    end = launched.assign(
        end=launched["start"],
        start=launched["recruited"],
        measured=launched["income_local"],
    )
    pairs = balance(
        start.assign(moment="start").dropna(subset=["measured"]),
        end.assign(moment="end").dropna(subset=["measured"]),
        panel,
    )
    rows = rows_of(pairs.assign(unit=pairs["currency_code"]))
    return changes(rows) | family_changes(rows)


def m03(panel: Panel) -> Figures:
    months = panel.months
    income = months["income_local"]
    rows = money_at_ends(panel, income)
    found = changes(rows) | family_changes(rows)
    for per, divisor in (
        ("per_capita", months["household_member_count"].replace(0, pd.NA)),
        ("per_adult_equivalent", months["adult_equivalent_count"]),
    ):
        found |= changes(money_at_ends(panel, income / divisor, per=per))
    return found | changes(winsorised(rows)) | chained(panel)


def winsorised(rows: Frame) -> Frame:
    """Pull the tails of each country, month and price in: at n = 90, four and five."""
    balanced = rows[rows["panel"] == "balanced"]
    pulled = []
    for _, cell in balanced.groupby(
        ["country_code", "start", "end", "moment", "price"]
    ):
        ordered = sorted(cell["measured"])
        low = ordered[int(0.05 * len(ordered) + 1e-9)]
        high = ordered[max(int(0.95 * len(ordered) + 1e-9), 1) - 1]
        pulled.append(cell.assign(measured=cell["measured"].clip(low, high)))
    return pd.concat(pulled).assign(outlier="winsorised")


def chained(panel: Panel) -> Figures:
    """Growth over each pair of months of the families in both, multiplied up."""
    priced = in_prices(
        in_windows(panel.months.assign(measured=panel.months["income_local"]), panel)
    )
    following = priced.assign(
        journal_month=priced["journal_month"] - pd.DateOffset(months=1),
        later=priced["measured"],
    )[["family_key", "journal_month", "price", "later"]]
    steps = priced.merge(following, on=["family_key", "journal_month", "price"])
    splits = panel.families[["family_key", "split_date"]].dropna()
    splits = splits.assign(
        journal_month=splits["split_date"].dt.to_period("M").dt.to_timestamp()
        - pd.DateOffset(months=1)
    )
    steps = steps.merge(splits, on=["family_key", "journal_month"], how="left")
    steps = steps[steps["split_date"].isna()].assign(panel="chained")
    return chained_changes(steps)


def m05(panel: Panel) -> Figures:
    rows = money_at_ends(panel, panel.months["income_local"])
    kept = rows[(rows["panel"] == "balanced") & rows["price"].isin(["nominal", "real"])]
    return distribution(kept)


def m07(panel: Panel) -> Figures:
    """Pool countries: equal ones, families in dollars of launch, families by index."""
    nominal = rows_of(at_ends(panel, panel.months["income_local"]))
    nominal = nominal.assign(unit=nominal["currency_code"])
    nominal = nominal[nominal["panel"] == "balanced"]
    found: Figures = {}
    for (start, end), rows in nominal.groupby(["start", "end"]):
        countries = [
            expected
            for key, expected in changes(rows).items()
            if key.scope_type == "country"
        ]
        if len(countries) < 2:
            continue
        key = Key(
            "all",
            "all",
            start,
            end,
            "balanced",
            "nominal",
            "kept",
            "household",
            "total",
            "mean_of_country_growths",
        )
        weights = [country.families for country in countries]
        found[key] = Expected(
            sum(country.value for country in countries) / len(countries), sum(weights)
        )
        found[key._replace(statistic="index_mean")] = Expected(
            sum(country.value * country.families for country in countries)
            / sum(weights),
            sum(weights),
        )
    return found


def m08(panel: Panel) -> Figures:
    months = panel.months
    rows = money_at_ends(
        panel, months["income_local"] + months["income_programme_local"]
    )
    return changes(rows)


def m10(panel: Panel) -> Figures:
    months = panel.months[panel.months["household_member_count"] > 0]
    per_day = (
        months["income_local"]
        * 12
        / 365
        / months["household_member_count"]
        / months["purchasing_power_factor"]
    )
    found: Figures = {}
    for code, line in (("2_15", 2.15), ("3_65", 3.65), ("6_85", 6.85)):
        below = months["household_member_count"] * (per_day < line)
        rows = months.assign(
            measured=below.where(per_day.notna()),
            weight=months["household_member_count"],
            per="per_capita",
            category=f"below_{code}",
        )
        found |= ratios(rows_of(in_months(rows)), "share")
    return found


def part_of_income(measured: str, metric_category: str = "total") -> Metric:
    """Make a metric of a part of income: sum over sum, in money."""

    def metric(panel: Panel) -> Figures:
        months = panel.months
        rows = months.assign(
            measured=months[measured],
            weight=months["income_local"],
            category=metric_category,
        )
        return ratios(in_prices(in_both(rows, panel), both=True), "share")

    return metric


def people(measured: str, weight: str, metric_category: str = "total") -> Metric:
    """Make a metric of people: sum over sum."""

    def metric(panel: Panel) -> Figures:
        months = panel.months
        rows = months.assign(
            measured=months[measured], weight=months[weight], category=metric_category
        )
        return ratios(rows_of(in_both(rows, panel)), "share")

    return metric


def mean_of(
    measured: str,
    metric_category: str = "total",
    *,
    statistic: str = "level",
    factor: float = 1,
) -> Metric:
    """Make a metric of a mean over families, by month and window."""

    def metric(panel: Panel) -> Figures:
        rows = panel.months.assign(
            measured=panel.months[measured] * factor, category=metric_category
        )
        return ratios(rows_of(in_both(rows, panel)), statistic)

    return metric


def families_with(
    answer: Callable[[Frame], Column],
    metric_category: str = "total",
    *,
    once: bool = False,
) -> Metric:
    """Make a metric of families: how many answer so in a month (once: or ever)."""

    def metric(panel: Panel) -> Figures:
        months = panel.months.assign(
            measured=answer(panel.months), category=metric_category
        )
        found = shares(rows_of(in_months(months)))
        return found | shares(ever(months, panel)) if once else found

    return metric


def known(condition: Column, *needed: Column) -> Column:
    """Return 1 and 0 where all that is needed is known, else nothing."""
    made = condition.astype(float)
    for column in needed:
        made = made.where(column.notna())
    return made


def m13(panel: Panel) -> Figures:
    months = panel.months
    measured = months["income_local"] / months["adult_equivalent_count"]
    rows = months.assign(measured=measured, per="per_adult_equivalent")
    return ratios(in_prices(in_both(rows, panel)), "level")


def m16(panel: Panel) -> Figures:
    return changes(money_at_ends(panel, panel.months["savings_balance_local"]))


def m17(panel: Panel) -> Figures:
    balance_local = panel.months["savings_balance_local"]
    saves = known(balance_local > 0, balance_local)
    rows = rows_of(at_ends(panel, saves))
    found = changes(rows, "difference", difference)
    return found | shares(rows_of(in_months(panel.months.assign(measured=saves))))


def m18(panel: Panel) -> Figures:
    """Savings over a thirtieth of the median income of three known months in a row."""
    ordered = panel.months.dropna(subset=["income_local"]).sort_values("journal_month")
    incomes = ordered.groupby("family_key")["income_local"]
    first_month = ordered.groupby("family_key")["journal_month"].shift(2)
    are_in_a_row = first_month + pd.DateOffset(months=2) == ordered["journal_month"]
    usual = incomes.transform(lambda income: income.rolling(3).median())
    days = ordered["savings_balance_local"] / (usual / 30)
    measured = days.where(are_in_a_row & (usual > 0))
    return ratios(rows_of(in_months(ordered.assign(measured=measured))), "level")


def m20(panel: Panel) -> Figures:
    owed = panel.months["debt_balance_local"]
    by_month = in_months(panel.months.assign(measured=owed, weight=1.0))
    return changes(money_at_ends(panel, owed)) | ratios(in_prices(by_month), "level")


def m21(panel: Panel) -> Figures:
    rows = rows_of(at_ends(panel, panel.months["is_in_lending_circle"]))
    return changes(rows) | changes(rows, "difference", difference)


def m22(panel: Panel) -> Figures:
    paid = panel.months["circle_contributed_local"]
    per_participant = money_at_ends(
        panel, paid, weight=panel.months["is_in_lending_circle"], per="per_participant"
    )
    return changes(money_at_ends(panel, paid)) | changes(per_participant)


def m25(panel: Panel) -> Figures:
    months = panel.months
    rows = months.assign(
        measured=months["shock_loss_local"].where(months["has_shock"] == 1),
        weight=months["income_local"],
    )
    return ratios(in_prices(in_both(rows, panel), both=True), "share")


def m27(panel: Panel) -> Figures:
    """Recovered in the month of the shock or the three after it."""
    months = panel.months
    last = months.groupby("cohort_code")["journal_month"].transform("max")
    recovered = months[months["recovery_code"].isin(["full", "better"])]
    told = set(zip(recovered["family_key"], recovered["journal_month"], strict=True))
    followed = months[
        (months["has_shock"] == 1)
        & (months["journal_month"] + pd.DateOffset(months=3) <= last)
    ]
    measured = [
        float(
            any(
                (family, month + pd.DateOffset(months=later)) in told
                for later in range(4)
            )
        )
        for family, month in zip(
            followed["family_key"], followed["journal_month"], strict=True
        )
    ]
    rows = rows_of(followed.assign(measured=measured))
    return shares(in_months(rows)) | shares(ever(rows, panel))


def m28(panel: Panel) -> Figures:
    """From the first shock with three known months before, until 95 % of their mean."""
    inside = in_windows(panel.months, panel)
    by_month = panel.months.set_index(["family_key", "journal_month"])
    incomes: Column = by_month["income_local"].dropna().to_dict()
    found = []
    for family, rows in inside.sort_values("journal_month").groupby("family_key"):
        shocks: Frame = rows[rows["has_shock"] == 1]
        for row in shocks.itertuples():
            before = [
                incomes.get((family, row.journal_month - pd.DateOffset(months=back)))
                for back in (1, 2, 3)
            ]
            if None in before or sum(before) <= 0:
                continue
            level = 0.95 * sum(before) / 3
            after = [
                (month, incomes[(family, month)])
                for month in pd.date_range(row.journal_month, row.end, freq="MS")
                if (family, month) in incomes
            ]
            if after:
                back_at = [month for month, income in after if income >= level]
                until = back_at[0] if back_at else after[-1][0]
                found.append(
                    row._asdict()
                    | {
                        "measured": (
                            until.to_period("M") - row.journal_month.to_period("M")
                        ).n,
                        "weight": float(bool(back_at)),
                    }
                )
            break
    return median_times(rows_of(pd.DataFrame(found)))


def m31(panel: Panel) -> Figures:
    paid = paid_investments(panel)
    rows = paid.assign(measured=1.0, category="investments")
    return totals(rows_of(in_both(rows, panel, "paid_month")))


def paid_investments(panel: Panel) -> Frame:
    paid = panel.investments[panel.investments["is_paid"] == 1]
    return paid.assign(paid_month=paid["paid_date"].dt.to_period("M").dt.to_timestamp())


def m32(panel: Panel) -> Figures:
    paid = paid_investments(panel)
    days = (paid["paid_date"] - paid["requested_date"]).dt.days
    rows = in_windows(paid.assign(measured=days), panel, "paid_month")
    return quantiles(rows_of(rows), {"median": 0.5, "p90": 0.9})


def m34(panel: Panel) -> Figures:
    paid = in_windows(paid_investments(panel), panel, "paid_month")
    by = ["family_key", "start", "end"]
    firsts = (
        paid.sort_values("paid_date").groupby(by, as_index=False)[PLACE_COLUMNS].first()
    )
    marked = paid.assign(measured=paid["is_for_child"].fillna(0))
    marked = marked.groupby(by, as_index=False)["measured"].max()
    return shares(rows_of(firsts.merge(marked, on=by)))


PLACE_COLUMNS = ["country_code", "site_code", "cohort_code", "peer_group_code"]


def m35(panel: Panel) -> Figures:
    paid = paid_investments(panel)
    rows = paid.assign(measured=paid["is_peer_tested"], category="peer_tested")
    return ratios(rows_of(in_both(rows, panel, "paid_month")), "share")


def m36_mean_of_ratios(panel: Panel) -> Figures:
    earning = panel.months[panel.months["income_local"] > 0]
    rows = earning.assign(measured=earning["given_local"] / earning["income_local"])
    return ratios(rows_of(in_both(rows, panel)), "mean_of_ratios")


def m38(panel: Panel) -> Figures:
    """Of families that answered what help they gave in kind, who gave food."""
    helped = panel.help
    food = helped[
        (helped["direction_code"] == "given") & (helped["help_type_code"] == "food")
    ]
    gave = set(zip(food["family_key"], food["journal_month"], strict=True))
    answered = panel.months[panel.months["submitted_at"].notna()]
    measured = [
        float(pair in gave)
        for pair in zip(answered["family_key"], answered["journal_month"], strict=True)
    ]
    rows = answered.assign(measured=measured, category="gave_food")
    return shares(rows_of(in_months(rows)))


def goals(panel: Panel) -> Frame:
    """Return one row a goal: set, achieved, dropped, and where the family was then."""
    events = panel.goals.sort_values("event_month", kind="stable")
    by = ["family_key", "goal_number"]
    made = events.groupby(by, as_index=False)[[*PLACE_COLUMNS, "event_month"]].first()
    made = made.rename(columns={"event_month": "set_month"})
    for status in ("achieved", "dropped"):
        first = (
            events[events["goal_status_code"] == status]
            .groupby(by)["event_month"]
            .min()
        )
        made = made.join(first.rename(status), on=by)
    told = panel.months[panel.months["submitted_at"].notna()]
    last = told.groupby("family_key")["journal_month"].max().rename("last_month")
    return made.join(last, on="family_key").dropna(subset=["last_month"])


def months_from(start: Column, end: Column) -> Column:
    return (end.dt.year - start.dt.year) * 12 + end.dt.month - start.dt.month


def m42(panel: Panel) -> Figures:
    made = goals(panel)
    last = pd.Series(made["last_month"].max(), index=made.index)
    taken = months_from(made["set_month"], made["achieved"])
    found: Figures = {}
    for limit in (6, 12):
        followed = made[months_from(made["set_month"], last) >= limit]
        rows = followed.assign(
            measured=(taken[followed.index] <= limit).astype(float),
            category=f"by_{limit}_months",
        )
        found |= ratios(rows_of(in_both(rows, panel, "set_month")), "share")
    return found


def m43(panel: Panel) -> Figures:
    made = goals(panel).merge(panel.windows, on="cohort_code")
    made = made[
        (made["set_month"] <= made["end"]) & (made["last_month"] >= made["set_month"])
    ]
    closed = made[["achieved", "dropped"]].min(axis=1)
    until = closed.fillna(made["last_month"])
    until = until.where(until < made["end"], made["end"])
    achieved = (made["achieved"] == closed) & (made["achieved"] <= made["end"])
    rows = made.assign(
        measured=months_from(made["set_month"], until), weight=achieved.astype(float)
    )
    return median_times(rows_of(rows), (6, 12))


def expected_months(panel: Panel) -> Frame:
    return panel.months[panel.months["journal_status_code"] != "paused"]


def m47(panel: Panel) -> Figures:
    months = expected_months(panel)
    found: Figures = {}
    for category, statuses in (
        ("completed", ["on_time", "late"]),
        ("on_time", ["on_time"]),
    ):
        came = months["journal_status_code"].isin(statuses).astype(float)
        rows = months.assign(measured=came, category=category)
        found |= ratios(rows_of(in_both(rows, panel)), "share")
    return found


def m48(panel: Panel) -> Figures:
    rows = panel.months.assign(measured=panel.months["data_point_count"])
    return totals(rows_of(in_both(rows, panel)))


def m49(panel: Panel) -> Figures:
    """Of the families at launch, who is still expected, where they were at launch."""
    months = expected_months(panel)
    launched = months[months["journal_month"] == months["launch_month"]]
    there = set(zip(months["family_key"], months["journal_month"], strict=True))
    cohort_months = months[["cohort_code", "journal_month"]].drop_duplicates()
    grid = launched.drop(columns="journal_month").merge(cohort_months, on="cohort_code")
    grid = grid[grid["journal_month"] >= grid["launch_month"]]
    measured = [
        float(pair in there)
        for pair in zip(grid["family_key"], grid["journal_month"], strict=True)
    ]
    return shares(rows_of(in_months(grid.assign(measured=measured))))


def m52(panel: Panel) -> Figures:
    """From the day a journal came in to the day it was paid."""
    months = panel.months
    columns = ["family_key", "journal_month", *PLACE_COLUMNS, "first_received_date"]
    paid = panel.payments[["family_key", "journal_month", "paid_date"]]
    joined = paid.merge(months[columns], on=["family_key", "journal_month"])
    days = (joined["paid_date"] - joined["first_received_date"]).dt.days
    rows = rows_of(in_both(joined.assign(measured=days), panel))
    return quantiles(rows, {"median": 0.5, "p90": 0.9})


def score(measured: str) -> Metric:
    """Make a metric of a score: growth and difference between both ends, and means."""

    def metric(panel: Panel) -> Figures:
        rows = rows_of(at_ends(panel, panel.months[measured]))
        months = rows_of(
            in_months(panel.months.assign(measured=panel.months[measured]))
        )
        return (
            changes(rows)
            | changes(rows, "difference", difference)
            | ratios(months, "level")
        )

    return metric


def ladder(category: str) -> Callable[[Frame], Column]:
    """Make Gallup's three classes of now and in five years."""

    def answer(months: Frame) -> Column:
        now, future = months["ladder_now_score"], months["ladder_future_score"]
        thriving = (now >= 7) & (future >= 8)
        suffering = (now <= 4) & (future <= 4)
        classes = {
            "thriving": thriving,
            "suffering": suffering,
            "struggling": ~thriving & ~suffering,
        }
        return known(classes[category], now, future)

    return answer


def above(column: str, limit: float) -> Callable[[Frame], Column]:
    return lambda months: known(months[column] >= limit, months[column])


def useful(months: Frame) -> Column:
    got = months["has_received_report"] == 1
    value = months["report_usefulness_score"]
    return known(value >= 3, value).where(got)


METRICS: dict[str, tuple[str, Metric]] = {
    "household income": ("M01", m01),
    "income since recruitment": ("M02", m02),
    "income since launch": ("M03", m03),
    "families up, the same and down": ("M05", m05),
    "income over all countries": ("M07", m07),
    "income with programme money": ("M08", m08),
    "people below lines": ("M10", m10),
    "kinds of income": ("M11", mean_of("income_type_count", "types")),
    "earned income": ("M12", part_of_income("income_earned_local")),
    "income per adult equivalent": ("M13", m13),
    "adults working": ("M14", people("working_adult_count", "household_adult_count")),
    "new businesses": (
        "M15",
        families_with(lambda months: months["has_new_business"], once=True),
    ),
    "savings": ("M16", m16),
    "savers": ("M17", m17),
    "liquidity": ("M18", m18),
    "debt": ("M20", m20),
    "debt service": ("M20", part_of_income("debt_paid_local", "service")),
    "families in circles": ("M21", m21),
    "money into circles": ("M22", m22),
    "families with a shock": (
        "M24",
        families_with(lambda months: months["has_shock"], once=True),
    ),
    "loss from shocks": ("M25", m25),
    "costly coping": (
        "M26",
        families_with(
            lambda months: months["has_negative_coping"].where(
                months["has_shock"] == 1
            ),
            once=True,
        ),
    ),
    "recovery": ("M27", m27),
    "recovery of income": ("M28", m28),
    "children attending": (
        "M29",
        people("attending_child_count", "school_age_child_count", "attending"),
    ),
    "children with a device": (
        "M30",
        people("device_child_count", "attending_child_count"),
    ),
    "investments paid": ("M31", m31),
    "days to an investment": ("M32", m32),
    "investments for children": ("M34", m34),
    "investments tested by peers": ("M35", m35),
    "income shared": ("M36", part_of_income("given_local")),
    "cash shared": ("M36", part_of_income("given_cash_local", "cash")),
    "mean of ratios of giving": ("M36", m36_mean_of_ratios),
    "help received": ("M37", part_of_income("received_local", "received")),
    "food given": ("M38", m38),
    "actions led": (
        "M40",
        mean_of("has_led_community_activity", statistic="rate", factor=100),
    ),
    "goals achieved": ("M42", m42),
    "months to a goal": ("M43", m43),
    "journals completed": ("M47", m47),
    "data points": ("M48", m48),
    "families that stay": ("M49", m49),
    "days to payment": ("M52", m52),
    "reports received": (
        "M54",
        families_with(lambda months: months["has_received_report"], "received"),
    ),
    "reports useful": ("M55", families_with(useful)),
    "satisfaction": ("M58", score("satisfaction_score")),
    "thriving": ("M59", families_with(ladder("thriving"), "thriving")),
    "struggling": ("M59", families_with(ladder("struggling"), "struggling")),
    "suffering": ("M59", families_with(ladder("suffering"), "suffering")),
    "control": ("M60", score("control_score")),
    "coping with too little food": ("M61", mean_of("reduced_coping_score")),
    "high coping score": (
        "M61",
        families_with(above("reduced_coping_score", 19), "nineteen_or_more"),
    ),
    "people ill": ("M62", people("ill_member_count", "household_member_count", "ill")),
    "days without water": ("M63", mean_of("without_water_days", "days_without_water")),
}

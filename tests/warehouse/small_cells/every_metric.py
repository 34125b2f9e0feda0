"""The figures of all other metrics as equations, over what their own models start from.

A metric that is a sum over answers starts from rows of families: what each answered
(`measured`) and what it is divided by (`weight`). The rows are read by the SQL that dbt
compiled, cut off after the CTE that holds them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from tests.warehouse.conftest import Warehouse
from tests.warehouse.small_cells.ledger import Equation, Variable
from tests.warehouse.small_cells.told import WINDOW, Kinds, Told, span_of

FIGURES = """
select
    metric_code, statistic_code, start_month, end_month, panel_code, price_code,
    outlier_code, denominator_code, category_code, release_code, scope_type_code,
    scope_code, value::float
from share.metric_values
where value is not null and metric_code = any(%s)
"""
ROWS = """
select
    release_code, {category}, denominator_code, country_code, site_code, cohort_code,
    family_key, {months}, sum(measured)::float, sum(weight)::float
from {cte}
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the answers behind some figures are.

    Attributes:
        model: Of figures, without `int_metric_`.
        cte: In it, that has the answers.
        kinds: Of figures that add them up.
        is_over_money: Whether they are divided by money, which nobody outside knows.
        has_windows: Whether rows are of windows too, rather than of months alone.
        is_asked: Whether the rows say who was asked, whichever answer was given.
    """

    model: str
    cte: str
    kinds: Kinds
    is_over_money: bool = False
    has_windows: bool = False
    is_asked: bool = False


def _sources() -> Iterator[Source]:
    for model, codes in PLAIN.items():
        yield Source(model, "answers", codes)
    for model, codes in OVER_MONEY.items():
        yield Source(model, "answers", codes, is_over_money=True)
    for (model, cte), codes in OF_WINDOWS.items():
        yield Source(model, cte, codes, has_windows=True)
    for (model, cte), codes in ASKED.items():
        yield Source(model, cte, codes, is_asked=True)
    for (model, cte), codes in NAMED_OTHERWISE.items():
        yield Source(model, cte, codes)


PLAIN = {
    "below_lines": Kinds("M10", denominators="per_capita", categories="below_*"),
    "coping_shares": Kinds("M61", "share", categories=""),
    "data_quality": Kinds("M64", categories=""),
    "days_without_water": Kinds("M63", categories="days_without_water"),
    "family_decisions": Kinds("M56", categories="family"),
    "forgone_care": Kinds("M62", categories="forgone_care"),
    "goal_achievement": Kinds("M42", categories=""),
    "goals_active": Kinds("M41", "level"),
    "group_decisions": Kinds("M56", categories="group"),
    "help_reciprocity": Kinds("M37", categories="reciprocity"),
    "home_improvement": Kinds("M63", "share", categories=""),
    "illness": Kinds("M62", categories="ill"),
    "income_types": Kinds("M11", categories=""),
    "income_volatility": Kinds("M09", categories=""),
    "investment_terms": Kinds("M35", categories="peer_tested"),
    "journal_completion": Kinds("M47", "share", categories=""),
    "journal_streaks": Kinds("M47", "level", categories="streak"),
    "learned_elsewhere": Kinds("M46", categories=""),
    "lenders": Kinds("M20", categories="moneylender_or_app"),
    "liaison_contact": Kinds("M50"),
    "liquidity": Kinds("M18"),
    "meeting_attendance": Kinds("M44", categories="attendance"),
    "money_margin": Kinds("M65", "share", categories=""),
    "payments": Kinds("M51", "total", categories="due paid late void"),
    "reports_received": Kinds("M54", categories="received"),
    "reports_useful": Kinds("M55"),
    "retention": Kinds("M49", "share"),
    "school_devices": Kinds("M30"),
    "school_participation": Kinds("M29", categories="absent"),
    "shock_severity": Kinds("M25", "level", categories="severity"),
    "working_adults": Kinds("M14"),
}
OVER_MONEY = {
    "debt_service": Kinds("M20", "share", categories="service"),
    "earned_income": Kinds("M12"),
    "giving": Kinds("M36", "share", categories=""),
    "health_spending": Kinds("M62", categories="spending"),
    "help_received": Kinds("M37", categories="received net_given"),
    "shock_losses": Kinds("M25", "share"),
    "trade_among_families": Kinds("M39", categories=""),
}
# What happened to a family at any time of a window is an answer of its own.
OF_WINDOWS = {
    ("child_investments", "rows_of_families"): Kinds("M34"),
    ("goal_domains", "families"): Kinds("M41", "share", categories=""),
    ("negative_coping", "families"): Kinds("M26"),
    ("new_businesses", "families"): Kinds("M15", "share level"),
    ("recovery", "families"): Kinds("M27"),
    ("shocks", "families"): Kinds("M24"),
}
ASKED = {
    ("help_by_type", "asked_of_given"): Kinds("M38", categories="gave_*"),
    ("help_by_type", "asked_of_received"): Kinds("M38", categories="received_*"),
    ("savings_purposes", "asked_of_purposes"): Kinds("M19", categories=""),
    ("shock_types", "asked_of_shocks"): Kinds(
        "M24",
        spans="month",
        categories="crime death flood illness job lockdown other price typhoon water",
    ),
}
NAMED_OTHERWISE = {
    ("control", "high_answers"): Kinds("M60", "share"),
    ("giving", "ratios"): Kinds("M36", "mean_of_ratios"),
    ("investment_uses", "answers"): Kinds("M33", "share total", categories=""),
    ("investments_paid", "answers"): Kinds("M31", "total", categories="investments"),
    ("investments_paid", "amounts"): Kinds("M31", "total", categories="amount"),
    ("money_margin", "margin_answers"): Kinds("M65", "level"),
    ("payments", "amounts"): Kinds("M51", "total", categories="paid_amount"),
    ("satisfaction", "high_answers"): Kinds("M58", "share"),
    ("strategies_shared", "lines"): Kinds("M45", "total", categories="shared"),
    ("strategies_shared", "trials"): Kinds("M45", "share", categories="tried"),
}
SOURCES = tuple(_sources())
Place = tuple[str, str, str, str, str, date, date]
Rows = dict[Place, list[tuple[str, float, float]]]


def equations(
    connection: psycopg.Connection[Any], warehouse: Warehouse, source: Source
) -> list[Equation]:
    """Return one equation for each figure of a source that is shown."""
    rows = _rows(connection, warehouse, source)
    figures = connection.execute(FIGURES, [source.kinds.metrics.split()]).fetchall()
    found = []
    for metric, statistic, start, end, *codes, release, type_, scope, value in figures:
        told = Told(metric, statistic, span_of(start, end), *codes)
        if source.kinds.hold(told):
            at = (release, _category(source, told), told.denominator, type_, scope)
            spans = _spans(source, rows, at, (start, end))
            found.append(_equation(source, told, rows, spans, value))
    return found


def _category(source: Source, told: Told) -> str:
    return "total" if source.is_asked else told.category


def _spans(
    source: Source,
    rows: Rows,
    at: tuple[str, str, str, str, str],
    span: tuple[date, date],
) -> list[Place]:
    """Return where the rows of a figure are: its own, or those of its months."""
    if source.has_windows or span[0] == span[1]:
        return [(*at, *span)]
    months = sorted({place[5] for place in rows if place[5] == place[6]})
    return [(*at, month, month) for month in months if span[0] <= month <= span[1]]


def _equation(
    source: Source, told: Told, rows: Rows, places: list[Place], value: float
) -> Equation:
    found: Equation = {}
    measure = f"{told.metric} {told.category} {told.denominator}"
    for place in places:
        start, month = place[5:]
        ever = WINDOW if start < month else ""
        for family, measured, weight in rows.get(place, ()):
            answer = Variable(f"{measure} {ever}", month, family, measured)
            found[answer] = 1.0
            if source.is_over_money:
                found[Variable(f"{measure} whole", month, family, weight)] = -value
    return found


def _rows(
    connection: psycopg.Connection[Any], warehouse: Warehouse, source: Source
) -> Rows:
    node = warehouse.manifest()["nodes"][
        f"model.family_journal.int_metric_{source.model}"
    ]
    # What a model asks of the planner: without it, some take minutes.
    for hook in node["config"]["pre-hook"]:
        connection.execute(hook["sql"].encode())
    months = "start_month, end_month"
    if not source.has_windows:
        months = "measured_month, measured_month as end_month"
    query = _up_to(node["compiled_code"], source.cte) + ROWS.format(
        cte=source.cte,
        category="category_code" if not source.is_asked else "'total'",
        months=months,
    )
    found: Rows = defaultdict(list)
    for (
        release,
        category,
        denominator,
        *places,
        family,
        start,
        end,
        measured,
        weight,
    ) in connection.execute(query.encode()).fetchall():
        scopes = zip(
            ("country", "site", "cohort", "all"), (*places, "all"), strict=True
        )
        for scope in scopes:
            at = (release, category, denominator, *scope, start, end)
            found[at].append((family, measured, weight))
    return found


def _up_to(code: str, cte: str) -> str:
    """Return a query without what comes after one of its CTEs."""
    begun = re.search(rf"^ *{cte} as \(", code, re.MULTILINE)
    assert begun, f"no CTE {cte}"
    at, depth = begun.end(), 1
    while depth:
        if code.startswith("--", at):
            at = code.index("\n", at)
        elif code[at] == "'":
            at = code.index("'", at + 1)
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        at += 1
    return code[:at]

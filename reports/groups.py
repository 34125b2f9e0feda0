"""Peer groups and their months, as the marts tell them to whoever reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, text
from sqlalchemy.exc import DBAPIError

from reports.errors import ReadingError

READ_GROUPS = text("""
select
    peer_group_code,
    site_name,
    currency_code,
    language_codes,
    family_count,
    is_agreed_by_all
from marts.dim_peer_groups
where cast(:sites as text[]) is null or site_code = any(cast(:sites as text[]))
order by peer_group_code
""")
# Of each group the month that is asked for, or the newest that enough families told of,
# and the two months of its own past that stand beside it.
READ_MONTHS = text("""
with

shown as (

    select
        peer_group_code,
        max(journal_month) as shown_month
    from marts.fct_peer_group_months
    where
        reported_family_count >= least_group_count
        and (
            cast(:month as date) is null
            or journal_month = cast(:month as date)
        )
    group by peer_group_code

)

select
    shown.shown_month,
    months.*
from shown
inner join marts.fct_peer_group_months as months
    on
        shown.peer_group_code = months.peer_group_code
        and months.journal_month in (
            shown.shown_month,
            shown.shown_month - interval '1 month',
            shown.shown_month - interval '1 year'
        )
where months.peer_group_code = any(cast(:groups as text[]))
""")
READ_STRATEGIES = text("""
select
    shared.peer_group_code,
    shared.meeting_month,
    shared.strategy_code,
    strategies.strategy_name as name_en,
    strategies.strategy_name_es as name_es,
    strategies.strategy_name_fil as name_fil,
    max(shared.interested_family_count) as interested_family_count
from marts.fct_strategies_shared as shared
left join marts.dim_strategies as strategies
    on shared.strategy_code = strategies.strategy_code
where
    shared.peer_group_code = any(cast(:groups as text[]))
    and shared.meeting_month = any(cast(:months as date[]))
group by
    shared.peer_group_code,
    shared.meeting_month,
    shared.strategy_code,
    strategies.strategy_name,
    strategies.strategy_name_es,
    strategies.strategy_name_fil
order by shared.strategy_code
""")


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy that was shared in a meeting of the group.

    Attributes:
        names: What it is called, by language; its code where no form says.
        interested_family_count: How many families want to try it.
    """

    names: Mapping[str, str]
    interested_family_count: int | None


@dataclass(frozen=True, slots=True)
class GroupMonth:
    """One month of a group: a row of `marts.fct_peer_group_months`.

    A total is None where it is not the group's to know; its count of families says
    whether anybody told of it. Money is in the group's currency.
    """

    journal_month: date
    expected_family_count: int
    reported_family_count: int
    is_agreed_by_all: bool
    least_group_count: int
    savings_family_count: int
    savings_total_local: Decimal | None
    given_family_count: int
    given_total_local: Decimal | None
    received_family_count: int
    received_total_local: Decimal | None
    goal_family_count: int
    goal_set_count: int | None
    achieving_family_count: int
    goal_achieved_count: int | None
    meeting_count: int
    last_meeting_family_count: int | None
    group_savings_local: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """A peer group and what its page may tell.

    Attributes:
        code: What people call it by.
        site_name: Where it is.
        currency_code: Of its money, in ISO 4217.
        language_codes: Of its site, as the registry has them.
        family_count: Families that belong to it today.
        is_agreed_by_all: Whether each of them has agreed to totals.
        shown_month: The month of the page; None where too few families told of one.
        months: That month, the one before and that of a year before, as far as there.
        strategies: Shared in the month of the page.
    """

    code: str
    site_name: str
    currency_code: str
    language_codes: Sequence[str]
    family_count: int
    is_agreed_by_all: bool
    shown_month: date | None = None
    months: Mapping[date, GroupMonth] = field(default_factory=dict)
    strategies: Sequence[Strategy] = ()


def read_groups(
    connection: Connection, sites: Sequence[str] | None, month: date | None
) -> list[Group]:
    """Return the groups that whoever reads may see, in the order of their codes.

    Args:
        connection: To the warehouse; whose rows it sees decides which groups there are.
        sites: Only groups of these sites; None takes all.
        month: The month of the pages; None takes each group's newest that enough
            families have told of.

    Raises:
        ReadingError: The marts are not built, or the login may not read them.
    """
    try:
        found = connection.execute(
            READ_GROUPS, {"sites": list(sites) if sites else None}
        )
        groups = list(found.mappings())
        codes = [row["peer_group_code"] for row in groups]
        months = _months(connection, codes, month)
        strategies = _strategies(connection, codes, months)
    except DBAPIError as error:
        raise ReadingError(_reason(error)) from error
    return [_group(row, months, strategies) for row in groups]


def _months(
    connection: Connection, codes: Sequence[str], month: date | None
) -> dict[str, tuple[date, dict[date, GroupMonth]]]:
    found: dict[str, tuple[date, dict[date, GroupMonth]]] = {}
    rows = connection.execute(READ_MONTHS, {"groups": list(codes), "month": month})
    for row in rows.mappings():
        _, months = found.setdefault(row["peer_group_code"], (row["shown_month"], {}))
        told = {name: row[name] for name in GroupMonth.__dataclass_fields__}
        months[row["journal_month"]] = GroupMonth(**told)
    return found


def _strategies(
    connection: Connection,
    codes: Sequence[str],
    months: Mapping[str, tuple[date, Mapping[date, GroupMonth]]],
) -> dict[tuple[str, date], list[Strategy]]:
    found: dict[tuple[str, date], list[Strategy]] = {}
    wanted = sorted({shown for shown, _ in months.values()})
    rows = connection.execute(
        READ_STRATEGIES, {"groups": list(codes), "months": wanted}
    )
    for row in rows.mappings():
        names = {code: row[f"name_{code}"] for code in ("en", "es", "fil")}
        known = {code: name for code, name in names.items() if name}
        strategy = Strategy(
            known or {"en": row["strategy_code"]}, row["interested_family_count"]
        )
        key = (row["peer_group_code"], row["meeting_month"])
        found.setdefault(key, []).append(strategy)
    return found


def _group(
    row: RowMapping,
    months: Mapping[str, tuple[date, Mapping[date, GroupMonth]]],
    strategies: Mapping[tuple[str, date], Sequence[Strategy]],
) -> Group:
    code = row["peer_group_code"]
    shown, own_months = months.get(code, (None, {}))
    return Group(
        code=code,
        site_name=row["site_name"],
        currency_code=row["currency_code"],
        language_codes=tuple(row["language_codes"]),
        family_count=row["family_count"],
        is_agreed_by_all=row["is_agreed_by_all"],
        shown_month=shown,
        months=own_months,
        strategies=tuple(strategies.get((code, shown), ())) if shown else (),
    )


def _reason(error: DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    if state in {"42P01", "42703"}:  # no such table, no such column
        return (
            "The marts of peer groups are not built, or not by this version: run "
            "`python -m warehouse build` first."
        )
    if state == "42501":  # permission denied
        return (
            "Whoever reads may not read the marts of peer groups: take a role of "
            "`access:` that does, `analyst` or a `liaison_...`."
        )
    reason = str(error.orig).splitlines()[0].rstrip(".")
    return f"The marts of peer groups could not be read: {reason}."

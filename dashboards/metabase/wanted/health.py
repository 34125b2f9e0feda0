"""The card that an alert watches: sites whose data need a look."""

from dashboards.metabase.wanted.formatting import column_settings
from dashboards.metabase.wanted.sql import Shown
from dashboards.metabase.wanted.things import Card
from dashboards.words import say
from pages import Language

NAME = "data_health"
SQL = """\
-- Sites without a journal in the newest month, or whose newest journal is old: a
-- month's journals are due in the next, so after 75 days one is missing.
with site_months as (

    select
        site_code,
        journal_month,
        reported_family_count
    from share.site_months
    where expected_family_count > 0

),

newest as (

    select max(journal_month) as journal_month
    from site_months
    where reported_family_count > 0

),

last_journals as (

    select
        site_code,
        max(journal_month) filter (where reported_family_count > 0) as journal_month,
        max(journal_month) as expected_month
    from site_months
    group by site_code

)

select
    last_journals.site_code,
    to_char(last_journals.journal_month, 'YYYY-MM') as journal_month
from last_journals
cross join newest
where
    last_journals.journal_month is null
    or (
        last_journals.journal_month < newest.journal_month
        and last_journals.expected_month >= newest.journal_month
    )
    or newest.journal_month < current_date - 75
order by last_journals.site_code"""


def health_card(folder: str, role: str, language: Language) -> Card:
    """Return the card of one collection."""
    shown = [
        Shown("site_code", "", say("site", language)),
        Shown("journal_month", "", say("data_reach", language)),
    ]
    return Card(
        key=f"{folder}/{NAME}",
        collection=folder,
        database=role,
        name=say(NAME, language),
        description=say("data_health_long", language),
        display="table",
        sql=SQL,
        settings={"column_settings": column_settings(shown, language)},
    )

"""The lists that forms read: functions for whoever publishes them. No data change."""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

READ_FORM_MEDIA = """
create or replace function ops.families_of_form_media()
returns table (
    family_code text,
    peer_group_code text,
    site_code text,
    has_consented_to_health boolean,
    last_income_local numeric
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with newest_months as (
        select months.site_code, max(months.journal_month) as newest_month
        from marts.fct_family_months as months
        where months.journal_status_code in ('on_time', 'late')
        group by months.site_code
    ),
    last_journals as (
        select distinct on (months.family_key)
            months.family_key,
            months.income_local + coalesce(months.income_programme_local, 0)
                as income_local
        from marts.fct_family_months as months
        inner join newest_months on months.site_code = newest_months.site_code
        where
            months.journal_status_code in ('on_time', 'late')
            and months.income_local is not null
            and months.journal_month
            > newest_months.newest_month - interval '3 months'
        order by months.family_key, months.journal_month desc
    )
    select
        family_keys.family_code,
        families.peer_group_code,
        families.site_code,
        families.has_consented_to_health is true,
        last_journals.income_local
    from marts.dim_families as families
    inner join pii.family_keys as family_keys
        on families.family_key = family_keys.family_key
    left join last_journals on families.family_key = last_journals.family_key
    where families.status_code in ('active', 'paused')
    order by family_keys.family_code;
end
$$;
revoke all on function ops.families_of_form_media() from public;
create or replace function ops.groups_of_form_media()
returns table (peer_group_code text, site_code text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select peer_groups.peer_group_code, peer_groups.site_code
    from marts.dim_peer_groups as peer_groups
    order by peer_groups.peer_group_code;
end
$$;
revoke all on function ops.groups_of_form_media() from public;
"""


def upgrade() -> None:
    """Bring the functions from version 0003 to 0004."""
    op.get_bind().exec_driver_sql(READ_FORM_MEDIA)

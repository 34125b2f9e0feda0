"""What the lists that forms read are made of: two functions of the warehouse.

Whoever publishes these lists may call them and reads nothing else: no mart, no key, no
other month. They run as the owner of the marts and know the tables by name only, for a
build drops and makes these anew.

A family is in them while it takes part and is in the marts, which obey what it agreed
to; without its line in `pii.family_keys` it is nowhere at once.
"""

# Three months back, no value is "last month's" any more: a form would ask a family why
# it differs so much from one that nobody remembers.
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

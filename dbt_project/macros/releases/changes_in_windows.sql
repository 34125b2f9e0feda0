{#- How many records changed of what kind, for each scope and window of a release's
    figures, and the first of them by name. -#}
{% macro changes_in_windows(figures, changes, named_at_most=20) -%}
    with

    windows as (

        select distinct
            release_code,
            start_month,
            end_month
        from {{ figures }}

    ),

    scoped as (

        select
            windows.release_code,
            windows.start_month,
            windows.end_month,
            scopes.scope_type_code,
            scopes.scope_code,
            changes.change_kind_code,
            -- Most figures compare the ends of their window, so these are named first.
            changes.changed_month not in (windows.start_month, windows.end_month)
                as is_between_ends,
            concat_ws(
                ' ', changes.change_kind_code, changes.form_role_code,
                changes.family_key, changes.record_id
            ) as change_name
        from {{ changes }} as changes
        inner join windows
            on
                changes.release_code = windows.release_code
                and changes.changed_month between windows.start_month
                and windows.end_month
        cross join lateral (
            values
            ('country', changes.country_code),
            ('site', changes.site_code),
            ('cohort', changes.cohort_code),
            ('all', 'all')
        ) as scopes (scope_type_code, scope_code)

    )

    select
        release_code,
        start_month,
        end_month,
        scope_type_code,
        scope_code,
        {%- for kind in submission_change_kinds() %}
        count(*) filter (where change_kind_code = '{{ kind }}')::integer
            as {{ kind }}_change_count,
        {%- endfor %}
        count(*) filter (
            where change_kind_code <> 'reference_data' and not is_between_ends
        )::integer as end_change_count,
        (
            array_agg(change_name order by is_between_ends, change_name)
            filter (where change_kind_code <> 'reference_data')
        )[:{{ named_at_most }}] as change_names
    from scoped
    group by release_code, start_month, end_month, scope_type_code, scope_code
{%- endmacro %}

{#- The counts of the rows above, zero where no record changed. -#}
{% macro change_counts(rows) -%}
    {%- for kind in submission_change_kinds() -%}
    coalesce({{ rows }}.{{ kind }}_change_count, 0) as {{ kind }}_change_count
        {{- ",\n    " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

with

amounts_heaped as (

    select * from {{ ref('int_amounts_heaped') }}

)

select
    {{ issue_columns(
        'heaped_amounts',
        ['site_code', "to_char(journal_month, 'YYYY-MM')"],
        root_id='null',
        family_key='null',
        field_name="'income_sources'",
        observed="concat_ws(
            '; ',
            round(100 * round_share) || ' % of ' || amount_count || ' amounts',
            'logins above the limit: ' || login_count
        )",
        expected="'below ' || round(100 * upper_limit) || ' %'",
    ) }}
from amounts_heaped

with

journals as (

    select * from {{ ref('int_journals_live') }}
    where {{ of_touched_families('family_key') }}

),

-- Amounts are asked once for all kinds of help, so they stand on a row of their own.
totals as (

    select
        journals.family_key,
        journals.journal_month,
        direction.direction_code,
        'total' as help_type_code,
        direction.cash_local,
        direction.kind_local,
        direction.help_hours,
        direction.counterparts
    from journals
    cross join
        lateral (
            values
            (
                'given',
                journals.given_cash_local,
                journals.given_kind_local,
                journals.given_hours,
                journals.given_to_codes
            ),
            (
                'received',
                journals.received_cash_local,
                journals.received_kind_local,
                null,
                null
            )
        )
            as direction (
                direction_code, cash_local, kind_local, help_hours, counterparts
            )
    where direction.cash_local is not null or direction.kind_local is not null

),

kinds as (

    select
        journals.family_key,
        journals.journal_month,
        'given' as direction_code,
        given.help_type_code
    from
        journals,
        jsonb_array_elements_text(journals.given_help_types)
            as given (help_type_code)
    union
    select
        journals.family_key,
        journals.journal_month,
        'received' as direction_code,
        received.help_type_code
    from
        journals,
        jsonb_array_elements_text(journals.received_help_types)
            as received (help_type_code)

),

all_rows as (

    select
        family_key,
        journal_month,
        direction_code,
        help_type_code,
        cash_local,
        kind_local,
        help_hours,
        array(select jsonb_array_elements_text(counterparts)) as counterpart_codes
    from totals
    union all
    select
        family_key,
        journal_month,
        direction_code,
        help_type_code,
        null as cash_local,
        null as kind_local,
        null as help_hours,
        null as counterpart_codes
    from kinds
    where help_type_code <> 'none'

)

select
    all_rows.family_key,
    all_rows.journal_month,
    all_rows.direction_code,
    all_rows.help_type_code,
    journals.country_code,
    journals.site_code,
    journals.peer_group_code,
    journals.cohort_code,
    journals.currency_code,
    all_rows.counterpart_codes,
    all_rows.cash_local,
    all_rows.kind_local,
    all_rows.help_hours
from all_rows
inner join journals
    on
        all_rows.family_key = journals.family_key
        and all_rows.journal_month = journals.journal_month

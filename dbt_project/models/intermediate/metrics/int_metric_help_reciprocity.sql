with

-- Money, goods or time: whoever gave hours of work has given.
answers as (

    {{ answers_of_months([
        {
            'category_code': 'reciprocity',
            'measured': '
                case
                    when
                        greatest(given_local, given_hours) > 0
                        or received_local > 0
                        then (
                            greatest(given_local, given_hours) > 0
                            and received_local > 0
                        )::integer
                end',
            'weight': 'case when num_nulls(given_local, received_local) = 0 then 1 end'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M37', ['shares']) }}

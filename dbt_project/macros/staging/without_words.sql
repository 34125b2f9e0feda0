{#- The items of a repeat without what they say in free words, which stays in raw. -#}
{% macro without_words(items, words) -%}
    case
        when {{ items }}::text like '%{{ words }}%'
            then (
                select jsonb_agg(listed.item - '{{ words }}' order by listed.place)
                from
                    jsonb_array_elements({{ items }})
                    with ordinality as listed (item, place)
            )
        else {{ items }}
    end
{%- endmacro %}

{#- Who entered a record, so that one login can be told from another: logins are often
    e-mail addresses. The login itself stays in raw, but for that of trials. -#}
{% macro login_hashed(login) -%}
    case when {{ login }} = 'demo' then {{ login }} else left(md5({{ login }}), 16) end
{%- endmacro %}

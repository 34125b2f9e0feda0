-- No total over countries is shared, so no country could be found by subtraction: each
-- is its own only sibling.
{{ shared_months(ref('fct_country_months'), 'country_code') }}

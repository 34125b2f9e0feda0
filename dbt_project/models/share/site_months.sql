{{ shared_months(ref('fct_site_months'), 'site_code') }}

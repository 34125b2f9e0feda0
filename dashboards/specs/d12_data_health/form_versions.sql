select
    form_version_id,
    form_role_code,
    form_version_name,
    'live' as release_code,
    deployed_at
from marts.dim_form_versions
order by form_role_code, deployed_at

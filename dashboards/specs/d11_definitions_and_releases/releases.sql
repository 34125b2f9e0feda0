select
    release_code,
    git_commit,
    is_frozen,
    start_month,
    end_month,
    known_as_of,
    frozen_at
from marts.dim_releases
order by release_code

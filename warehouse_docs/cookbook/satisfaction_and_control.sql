-- Topic: How life is going
-- Question: Are families more satisfied with their standard of living than at launch?
-- Asked by: program lead
-- Read: mean scores at launch and a year later with their standard errors; a difference
--   of less than two of them is noise.
-- Traps: answers on another scale are left out and never converted. Who answered
--   differs between the two months; M58 compares the same families.
-- Definition: satisfaction_score (0-10), control_score (1-10); M58, M60
-- Release: live
select
    country_code,
    months_since_launch_count,
    reported_family_count,
    round(satisfaction_mean_score, 2) as satisfaction_mean_score,
    round(satisfaction_mean_score_standard_error, 2)
        as satisfaction_standard_error,
    round(control_mean_score, 2) as control_mean_score,
    round(control_mean_score_standard_error, 2) as control_standard_error
from marts.fct_country_months
where months_since_launch_count in (0, 12)
order by country_code, months_since_launch_count

"""What the journal's questions were called before 2021: the form's change log.

The journal now in `ingestion/forms` is version 2021010401. Two older versions differ
from it only as listed here, so both their definitions and their submissions are
derived from the present form by these renames:

`2020070101` asked about income under Spanish names, in a group `ingresos`, and about
satisfaction outside the group `wellbeing`, as `satisf` (0 to 10).
`2020101501` was tried on a few Colombian tablets: the same, but satisfaction was asked
on a scale of 1 to 5 as `wellbeing/sat_living5`. That is another question, not a rename:
its answers must never be merged with those of 0 to 10.
"""

FIRST_VERSION = "2020070101"
FIVE_POINT_VERSION = "2020101501"
PRESENT_VERSION = "2021010401"

INCOME_RENAMES = {
    "j/income": "j/ingresos",
    "j/income/inc_any": "j/ingresos/hubo",
    "j/income/inc_src": "j/ingresos/fuentes",
    "j/income/inc_src/inc_type": "j/ingresos/fuentes/tipo",
    "j/income/inc_src/inc_earner": "j/ingresos/fuentes/quien",
    "j/income/inc_src/inc_gross": "j/ingresos/fuentes/bruto",
    "j/income/inc_src/inc_cost": "j/ingresos/fuentes/costo",
    "j/income/inc_src/inc_net": "j/ingresos/fuentes/neto",
    "j/income/inc_src/inc_cur": "j/ingresos/fuentes/moneda",
    "j/income/inc_src/inc_kind": "j/ingresos/fuentes/especie",
    "j/income/inc_total": "j/ingresos/total",
    "j/income/inc_prev": "j/ingresos/anterior",
    "j/income/inc_note": "j/ingresos/aviso",
    "j/income/inc_confirm": "j/ingresos/confirma",
    "j/income/inc_reason": "j/ingresos/motivo",
}

SATISFACTION = "j/wellbeing/sat_living"
FIVE_POINT_SATISFACTION = "j/wellbeing/sat_living5"

# Present path -> path in that version.
JOURNAL_RENAMES: dict[str, dict[str, str]] = {
    FIRST_VERSION: {**INCOME_RENAMES, SATISFACTION: "j/satisf"},
    FIVE_POINT_VERSION: {**INCOME_RENAMES, SATISFACTION: FIVE_POINT_SATISFACTION},
    PRESENT_VERSION: {},
}

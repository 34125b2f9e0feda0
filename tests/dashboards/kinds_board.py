"""A board of the kinds that no card of D1 has, on the small warehouse."""

import atexit
import tempfile
from functools import cache
from pathlib import Path

BOARD = "d2_kinds"
PAGE = "d2-kinds"

SPEC = """
code: D2
title: {en: Kinds, es: Tipos, fil: Mga uri}
subtitle: {en: For trying., es: Para probar., fil: Pagsubok.}
data_state: data_state
sections:
  - id: months
    title: {en: Calendar, es: Calendario, fil: Kalendaryo}
    cards:
      - id: index
        kind: line
        query: months
        title: {en: Index, es: Índice, fil: Index}
        panel: site_name
        x_label: {en: Month, es: Mes, fil: Buwan}
        reference: 1
        lines:
          - {column: income_index, format: index, price: nominal, families: panel_family_count, low: income_index_low, high: income_index_high, label: {en: As paid, es: Nominal, fil: Nominal}}
          - {column: income_real_index, format: index, price: real, families: panel_family_count, label: {en: Real, es: Real, fil: Real}}
      - id: parts
        kind: area
        title: {en: Parts, es: Partes, fil: Mga bahagi}
        panel: site_name
        x_label: {en: Month, es: Mes, fil: Buwan}
        whole: {en: Journals, es: Diarios, fil: Mga journal}
        parts:
          - {column: reported_family_count, format: count, families: expected_family_count, label: {en: Received, es: Recibidos, fil: Natanggap}}
          - {column: missing_count, format: count, families: expected_family_count, label: {en: Missing, es: Faltan, fil: Kulang}}
      - id: both
        kind: combo
        query: months
        title: {en: Both, es: Ambos, fil: Pareho}
        panel: site_name
        x_label: {en: Month, es: Mes, fil: Buwan}
        bars: {column: expected_family_count, format: count, families: expected_family_count, label: {en: Expected, es: Esperados, fil: Inaasahan}}
        line: {column: reported_share, format: percent, families: expected_family_count, low: share_low, high: share_high, label: {en: "% received", es: "% recibidos", fil: "% natanggap"}}
  - id: places
    title: {en: Places, es: Lugares, fil: Mga lugar}
    cards:
      - id: filled
        kind: progress
        title: {en: Filled, es: Lleno, fil: Puno}
        item: site_name
        part: {column: reported_family_count, label: {en: Received, es: Recibidos, fil: Natanggap}, format: count}
        whole: {column: expected_family_count, label: {en: Expected, es: Esperados, fil: Inaasahan}, format: count}
        measure: {column: reported_share, format: percent, families: expected_family_count}
      - id: where
        kind: map
        title: {en: Where, es: Dónde, fil: Saan}
        measure: {column: reported_share, format: percent, families: expected_family_count}
"""  # noqa: E501 - one line of a spec for each measure
MONTHS = """
    select
        sites.site_name, sites.country_code, 'live' as release_code,
        months.journal_month, months.months_since_launch_count,
        months.expected_family_count, months.reported_family_count,
        months.expected_family_count - months.reported_family_count
        as missing_count,
        months.reported_family_count::numeric / months.expected_family_count
        as reported_share,
        0.5 as share_low, 0.99 as share_high,
        months.panel_family_count, months.income_index, months.income_index_low,
        months.income_index_high, months.income_real_index,
        months.is_suppressed, months.suppression_reason_code
    from share.site_months as months
    inner join marts.dim_sites as sites on months.site_code = sites.site_code
    order by months.journal_month
"""
QUERIES = {
    "data_state": (
        "select max(journal_month) as latest_journal_month, '2021010401' as "
        "form_version_name, '2021-07' as release_code from share.site_months"
    ),
    "months": MONTHS,
    # One place begins later than the others.
    "parts": f"""
        select months.* from ({MONTHS}) as months
        where
            months.site_name <> 'Puente Nuevo'
            or months.journal_month >= '2020-09-01'
        order by months.journal_month
    """,  # noqa: S608 - words of this file
    "filled": """
        select
            sites.site_name, sites.country_code, 'live' as release_code,
            months.expected_family_count, months.reported_family_count,
            months.reported_family_count::numeric / months.expected_family_count
            as reported_share,
            months.is_suppressed, months.suppression_reason_code
        from share.site_months as months
        inner join marts.dim_sites as sites on months.site_code = sites.site_code
        where months.journal_month = '2020-09-01'
    """,
    "where": """
        select
            months.country_code, countries.country_two_letter_code,
            'live' as release_code, months.journal_month, months.expected_family_count,
            months.reported_family_count::numeric / months.expected_family_count
            as reported_share,
            months.country_code = 'PHL' as is_suppressed,
            case when months.country_code = 'PHL' then 'fewer_than_k_families' end
            as suppression_reason_code
        from share.country_months as months
        inner join marts.dim_countries as countries
            on months.country_code = countries.country_code
        where months.journal_month = '2020-09-01'
    """,
}


def write_board(folder: Path) -> Path:
    """Write the board with its SQL; a test may spoil it."""
    (folder / BOARD).mkdir(parents=True)
    (folder / f"{BOARD}.yml").write_text(SPEC)
    for name, sql in QUERIES.items():
        (folder / BOARD / f"{name}.sql").write_text(sql)
    return folder


@cache
def board_specs() -> Path:
    """Return a folder of specs with the board alone, which nobody writes to."""
    folder = tempfile.TemporaryDirectory(prefix="kinds-")
    atexit.register(folder.cleanup)
    return write_board(Path(folder.name) / "specs")

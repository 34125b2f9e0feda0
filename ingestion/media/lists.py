"""The lists of one form, as CSV: what its questions look up, and nothing more.

Column names are those that the forms' `choice_filter`, `parameters` and `pulldata` ask
for (`ingestion/forms`). A list holds the families of the form's own sites. The same
facts give the same bytes, so that whoever compares sees that nothing has changed.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from ingestion.media.families import Family, Known
from ingestion.registry import Form
from ingestion.registry.entries import Site
from ingestion.sources.media import MediaFile

Row = tuple[str, ...]
YES, NO = "yes", "no"
COLUMNS: Mapping[str, Row] = {
    "sites": ("site_code", "site_label", "country"),
    "peer_groups": ("group_code", "group_label", "site_code"),
    "families": ("family_code", "family_label", "group_code", "site_code", "c_health"),
    "last_month": ("family_code", "inc_total"),
}


def file_name(name: str) -> str:
    """Return what a form calls one of our lists."""
    return f"{name}.csv"


def lists_of_form(
    form: Form, sites: Mapping[str, Site], known: Known
) -> list[MediaFile]:
    """Return the lists that the registry switches on for a form.

    Args:
        form: One with `media`.
        sites: Those of the registry.
        known: What the warehouse says.
    """
    if form.media is None:
        return []
    made = _Lists(form, sites, known, with_names=form.media.names)
    return [
        _csv(file_name(name), COLUMNS[name], made.rows(name))
        for name in form.media.files
    ]


class _Lists:
    """The rows of each list of one form."""

    def __init__(
        self, form: Form, sites: Mapping[str, Site], known: Known, *, with_names: bool
    ) -> None:
        self._site_codes = frozenset(form.site_codes)
        self._sites = sites
        self._known = known
        self._with_names = with_names

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of a list, in the order of its first column."""
        makers: Mapping[str, Callable[[], Iterator[Row]]] = {
            "sites": self._of_sites,
            "peer_groups": self._of_groups,
            "families": self._of_families,
            "last_month": self._of_last_month,
        }
        return makers[name]()

    def _of_sites(self) -> Iterator[Row]:
        for code in sorted(self._site_codes):
            # Forms call a country by the letters that its site codes begin with.
            yield code, self._sites[code].name, code.partition("-")[0].lower()

    def _of_groups(self) -> Iterator[Row]:
        sites_of_groups = dict(self._known.sites_of_groups)
        for code in self._site_codes:
            for group in self._sites[code].new_peer_groups:
                sites_of_groups.setdefault(group, code)
        for group, site in sorted(sites_of_groups.items()):
            if site in self._site_codes:
                yield group, group, site

    def _of_families(self) -> Iterator[Row]:
        for family in self._families():
            yield (
                family.family_code,
                self._label(family),
                family.peer_group_code or "",
                family.site_code,
                YES if family.may_ask_of_health else NO,
            )

    def _of_last_month(self) -> Iterator[Row]:
        for family in self._families():
            if family.last_income is not None:
                yield family.family_code, _amount(family.last_income)

    def _families(self) -> Iterator[Family]:
        for family in self._known.families:
            if family.site_code in self._site_codes:
                yield family

    def _label(self, family: Family) -> str:
        name = self._known.names.get(family.family_code) if self._with_names else None
        return f"{family.family_code} {name}" if name else family.family_code


def _amount(value: Decimal) -> str:
    return f"{value:.2f}".removesuffix(".00")


def _csv(name: str, columns: Row, rows: Iterable[Row]) -> MediaFile:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - it is how many there were
        writer.writerow(row)
    return MediaFile(name, written.getvalue().encode(), count)

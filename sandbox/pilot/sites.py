"""Which submission comes from which site, to serve sites from different servers.

Every form asks `site_code`, which the tablet fills in: it is right even where a family
code was mistyped, where a family moved, and in trial entries. A submission belongs to
the site that it first came from, whatever is edited or happens later.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sandbox.pilot.model import Form

SITE = "site_code"


def split_by_sites(
    forms: Iterable[Form], sites: Collection[str]
) -> tuple[tuple[Form, ...], tuple[Form, ...]]:
    """Return the forms with the submissions of these sites, and with all others.

    Args:
        forms: Whose versions both parts keep.
        sites: Site codes, such as PH-01. A submission without one is of the others.
    """
    parted = [_parted(form, frozenset(sites)) for form in forms]
    return tuple(one for one, _ in parted), tuple(other for _, other in parted)


def _parted(form: Form, sites: frozenset[str]) -> tuple[Form, Form]:
    chosen = {
        event.submission_id
        for event in form.events
        if event.kind == "add" and event.record and event.record.get(SITE) in sites
    }
    within = tuple(one for one in form.events if one.submission_id in chosen)
    outside = tuple(one for one in form.events if one.submission_id not in chosen)
    return replace(form, events=within), replace(form, events=outside)

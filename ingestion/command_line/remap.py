"""`remap`: read what has landed with the present field maps."""

from ingestion.command_line.choosing import (
    FormsOption,
    JsonOption,
    SiteOption,
    chosen_forms,
)
from ingestion.command_line.failures import (
    EXPECTED,
    exit_if,
    one_object_if_it_fails,
    say_failure,
)
from ingestion.command_line.land import unmapped_advice
from ingestion.command_line.speaking import say, say_error, say_json
from ingestion.landing.remapping import RemapReport, remap_form
from ingestion.registry import Form, load_registry


def remap(
    form: FormsOption = None,
    site: SiteOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer makes a flag of it
) -> None:
    """Read what has landed anew with the present field maps; ask no server."""
    with one_object_if_it_fails(as_json=as_json):
        chosen = chosen_forms(load_registry(), form, site)
    failures = 0
    for entry in chosen:
        try:
            report = remap_form(entry)
        except EXPECTED as error:
            failures += 1
            say_failure(entry.name, error, as_json=as_json)
        else:
            _say_remapped(report, entry, as_json=as_json)
    exit_if(failures)


def _say_remapped(report: RemapReport, form: Form, *, as_json: bool) -> None:
    if as_json:
        say_json(report.as_dict())
        return
    say(
        f"{report.form}: {report.read:,} versions read, the answers of "
        f"{report.changed:,} changed ({report.seconds:.1f} s)"
    )
    if report.unmapped:
        say_error(unmapped_advice(form, report.unmapped))

"""`check`: what would keep the forms from landing, and how to mend it."""

from collections.abc import Iterable
from typing import Any

from ingestion.checks import Checker, FormCheck, Problem, sites_without_cohort
from ingestion.command_line.choosing import (
    FormsOption,
    JsonOption,
    SiteOption,
    chosen_forms,
)
from ingestion.command_line.failures import (
    exit_if,
    one_object_if_it_fails,
)
from ingestion.command_line.speaking import say, say_error, say_json
from ingestion.registry import load_registry
from warehouse.connection import open_engine, reachable
from warehouse.errors import WarehouseError


def check(
    form: FormsOption = None,
    site: SiteOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer makes a flag of it
) -> None:
    """Check registry, warehouse, connections, accounts and versions; land nothing."""
    with one_object_if_it_fails(as_json=as_json):
        registry = load_registry()
        chosen = chosen_forms(registry, form, site)
    of_all = [*_problem_of_warehouse(), *sites_without_cohort(registry)]
    if as_json and of_all:
        say_json({"form": None, "problems": [one.as_dict() for one in of_all]})
    checker = Checker()
    found = []
    for entry in chosen:
        result = checker.check(entry)
        found.append(result)
        if as_json:
            say_json(_as_json(result))
        elif not result.problems:
            say(f"{entry.name}: {result.summary}")
    if not as_json:
        _say_problems(found)
        for problem in of_all:
            say_error(problem.message)
    exit_if(sum(bool(result.problems) for result in found) + len(of_all))


def _problem_of_warehouse() -> list[Problem]:
    """Return why nothing can be landed; the forms can be checked all the same."""
    try:
        engine = open_engine()
        try:
            with reachable(engine):
                pass
        finally:
            engine.dispose()
    except WarehouseError as error:
        return [Problem.of(error)]
    return []


def _say_problems(found: Iterable[FormCheck]) -> None:
    """Print every problem once, with the forms that have it."""
    concerned: dict[Problem, list[str]] = {}
    for result in found:
        for problem in result.problems:
            concerned.setdefault(problem, []).append(result.form.name)
    for problem, names in concerned.items():
        say_error(f"{', '.join(names)}: {problem.message}")


def _as_json(result: FormCheck) -> dict[str, Any]:
    return {
        "form": result.form.name,
        "form_id": result.form.form_id,
        "server": result.form.server_name,
        "is_ready": not result.problems,
        "summary": result.summary,
        "version_count": result.version_count,
        "problems": [problem.as_dict() for problem in result.problems],
    }

"""One form after the other, without asking a server twice that is wrong as a whole."""

from dataclasses import dataclass, field

from ingestion.checks.missing_forms import is_listed, missing_form
from ingestion.checks.problems import Problem
from ingestion.checks.unmapped import (
    exposed_questions,
    unclassified_questions,
    unmapped_questions,
)
from ingestion.errors import IngestionError
from ingestion.landing.source_of_form import (
    OpenSource,
    media_of_form,
    source_of_form,
)
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer
from ingestion.sources.base import FormSource
from ingestion.sources.connections import variable_of


@dataclass(frozen=True, slots=True)
class FormCheck:
    """What checking one form found.

    Attributes:
        form: The form.
        summary: What the account sees, or None when that is the problem.
        version_count: Versions whose questions were compared with the field map.
        problems: What a person should mend.
    """

    form: Form
    summary: str | None
    version_count: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Checker:
    """Checks forms and remembers which servers are wrong as a whole.

    Attributes:
        open_source: Opens the server of a form.
    """

    open_source: OpenSource = source_of_form
    _broken_servers: dict[str, Problem] = field(default_factory=dict)

    def check(self, form: Form) -> FormCheck:
        """Ask the form's server about account, permissions and versions."""
        broken = self._broken_servers.get(form.server_name)
        if broken is not None:
            return FormCheck(form, None, problems=(broken,))
        try:
            with self.open_source(form) as source:
                return _check(form, source)
        except IngestionError as error:
            problem = _with_address(form, Problem.of(error))
            if problem.is_of_the_server:
                self._broken_servers[form.server_name] = problem
            return FormCheck(form, None, problems=(problem,))


def _with_address(form: Form, problem: Problem) -> Problem:
    """Return the problem, and where the address is that may be the wrong one."""
    if isinstance(form.server, FilesServer):
        return problem
    variable = variable_of(form.server.connection)
    if not problem.is_of_the_server or variable in problem.message:
        return problem
    message = f"{problem.message} Its address is in {variable}."
    return Problem(problem.kind, message)


def _check(form: Form, source: FormSource) -> FormCheck:
    try:
        status = source.check()
    except IngestionError as error:
        problem = Problem.of(error)
        if problem.is_of_the_server:
            raise
        return FormCheck(form, None, problems=(_explained(form, source, problem),))
    versions = list(source.versions(()))
    problems = [
        *_problem_of_lists(form),
        *unmapped_questions(form, versions),
        *unclassified_questions(form),
        *exposed_questions(form, versions),
    ]
    return FormCheck(form, status.summary, len(versions), tuple(problems))


def _problem_of_lists(form: Form) -> list[Problem]:
    """Return why the form's lists could not be sent, asking with their own account."""
    if form.media is None:
        return []
    try:
        with media_of_form(form) as media:
            media.digests(())
    except IngestionError as error:
        return [Problem.of(error)]
    return []


def _explained(form: Form, source: FormSource, problem: Problem) -> Problem:
    is_missing = problem.kind == "missing_form"
    # A server need not tell why it refused. A folder does: a file may be unreadable.
    may_be_missing = not isinstance(form.server, FilesServer)
    may_be_missing &= problem.kind == "source_rejected"
    if may_be_missing and not is_listed(form, source):
        is_missing = True
    return missing_form(form, source, problem) if is_missing else problem

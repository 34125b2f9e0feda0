"""Forms that did not land and builds that failed, in the words of an alert.

What all forms of a server suffer from is one thing to mend, and so one alert. A task
that failed and the books of the warehouse tell of the same failure in the same words.
"""

from collections.abc import Sequence

from alerts.finding import Finding

OF_SERVER = frozenset(
    {"source_unavailable", "wrong_address", "wrong_token", "connection_missing"}
)
# Another run was at it: that one lands the form.
NOTHING_WRONG = frozenset({"form_busy", "server_busy", "interrupted"})
WAITS = "deletions_wait"
NODES_NAMED = 3


def failed_form(
    form: str, server: str, failure_code: str | None, message: str | None
) -> Finding | None:
    """Return what is wrong with a form whose last landing did not succeed.

    Args:
        form: What people call it.
        server: The registry's name of its server.
        failure_code: The `kind` of the error; None of a run that died.
        message: The error's sentence. It has no answer of a family in it; see
            `ingestion.errors`.
    """
    if failure_code in NOTHING_WRONG:
        return None
    said = _said(message)
    if failure_code == WAITS:
        return Finding(
            kind="deletions_wait",
            place=form,
            severity="error",
            summary=f"Deletions of the form {form} wait for a person: {said}",
            what_to_do=(
                "Ask whether they were meant; then run the DAG approve_deletions for "
                "the form, or land it with --approve-deletions"
            ),
        )
    if failure_code in OF_SERVER:
        return failed_server([form], server, message)
    return Finding(
        kind="form_failed",
        place=form,
        severity="error",
        summary=f"The form {form} did not land: {said}",
        what_to_do=f"Correct what it says, then land it again: --form {form}",
    )


def failed_server(forms: Sequence[str], server: str, message: str | None) -> Finding:
    """Return what is wrong with a server: the same for each of these forms on it."""
    named = ", ".join(forms)
    return Finding(
        kind="server_failed",
        place=server,
        severity="error",
        summary=f"On the server {server} did not land: {named}. {_said(message)}",
        what_to_do=(
            "See that the server answers, and that its address and token are right "
            "(`python -m ingestion check`)"
        ),
    )


def _said(message: str | None) -> str:
    return (message or "it ended without a word").rstrip(".")


def failed_build(nodes: Sequence[str]) -> Finding:
    """Return that dbt failed at `nodes`.

    What dbt says of them stays in `ops.dbt_results`: the database repeats rows.
    """
    more = f" and {len(nodes) - NODES_NAMED} more" if nodes[NODES_NAMED:] else ""
    where = f" at {', '.join(nodes[:NODES_NAMED])}{more}" if nodes else ""
    return Finding(
        kind="build_failed",
        place="marts",
        severity="error",
        summary=f"The marts were not built: dbt failed{where}",
        what_to_do="Look at ops.dbt_results, correct it and build again",
    )

"""Form definitions: land every version, and list what no field map accounts for."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from ingestion.clock import Clock
from ingestion.landing.bookkeeping.runs import Run
from ingestion.registry import Form
from ingestion.sources.base import SILENT_TYPES, FormSource
from warehouse.tables import form_versions, unmapped_questions


def land_versions(
    connection: Connection, source: FormSource, form: Form, run: Run, clock: Clock
) -> bool:
    """Land the form's versions that raw does not hold yet; return whether any came."""
    has_new = False
    known = set(
        connection.execute(
            select(form_versions.c.form_version_id).where(
                form_versions.c.form_id == form.form_id
            )
        ).scalars()
    )
    for version in source.versions(known):
        connection.execute(
            insert(form_versions).values(
                form_id=form.form_id,
                form_version_id=version.version_id,
                form_version_name=version.name,
                version_number=version.number,
                deployed_at=version.deployed_at,
                definition=dict(version.definition),
                questions=[asdict(question) for question in version.questions],
                run_id=run.run_id,
                landed_at=clock(),
            )
        )
        has_new = True
    return has_new


def version_names(connection: Connection, form: Form) -> dict[str, str | None]:
    """Return the form's own name of each version, by version id."""
    rows = connection.execute(
        select(
            form_versions.c.form_version_id, form_versions.c.form_version_name
        ).where(form_versions.c.form_id == form.form_id)
    )
    return {row.form_version_id: row.form_version_name for row in rows}


def list_unmapped(
    connection: Connection, form: Form, run: Run, answered: set[tuple[str, str]]
) -> list[str]:
    """Bring `ops.unmapped_questions` up to date; return the unmapped paths in it.

    Args:
        connection: In the run's transaction.
        form: The form.
        run: The run that looks.
        answered: Version id and path of answers that no map accounts for.
    """
    names = version_names(connection, form)
    _forget_mapped(connection, form, names)
    problems = [*_problems_of_versions(connection, form), *_answered_only(answered)]
    for problem in problems:
        connection.execute(
            upsert(unmapped_questions)
            .values(form_id=form.form_id, first_seen_run_id=run.run_id, **problem)
            .on_conflict_do_nothing()
        )
    listed = connection.execute(
        select(unmapped_questions.c.question_path)
        .where(unmapped_questions.c.form_id == form.form_id)
        .where(unmapped_questions.c.problem_code == "unmapped")
        .distinct()
        .order_by(unmapped_questions.c.question_path)
    )
    return list(listed.scalars())


def _forget_mapped(
    connection: Connection, form: Form, names: Mapping[str, str | None]
) -> None:
    listed = connection.execute(
        select(unmapped_questions)
        .where(unmapped_questions.c.form_id == form.form_id)
        .where(unmapped_questions.c.problem_code == "unmapped")
    ).all()
    for row in listed:
        known = form.field_map.known_paths(names.get(row.form_version_id))
        if row.question_path in known:
            connection.execute(
                delete(unmapped_questions)
                .where(unmapped_questions.c.form_id == form.form_id)
                .where(unmapped_questions.c.form_version_id == row.form_version_id)
                .where(unmapped_questions.c.question_path == row.question_path)
            )


def _problems_of_versions(
    connection: Connection, form: Form
) -> Iterator[dict[str, Any]]:
    """Yield questions that are unmapped or changed their type, by version."""
    versions = connection.execute(
        select(form_versions)
        .where(form_versions.c.form_id == form.form_id)
        .order_by(form_versions.c.version_number)
    )
    types: dict[str, str] = {}
    for version in versions:
        known = form.field_map.known_paths(version.form_version_name)
        for question in version.questions:
            path, question_type = question["path"], question["type"]
            if question_type in SILENT_TYPES:
                continue
            previous = types.get(path, question_type)
            types[path] = question_type
            problem = {
                "form_version_id": version.form_version_id,
                "question_path": path,
                "question_type": question_type,
            }
            if path not in known:
                yield {**problem, "problem_code": "unmapped"}
            elif previous != question_type:
                yield {
                    **problem,
                    "problem_code": "type_changed",
                    "previous_question_type": previous,
                }


def _answered_only(answered: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for version_id, path in sorted(answered):
        yield {
            "form_version_id": version_id,
            "question_path": path,
            "problem_code": "unmapped",
        }

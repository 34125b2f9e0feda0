"""The definitions of a form's versions as raw holds them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from ingestion.sources.base import Choice, FormVersion, QuestionDefinition
from warehouse.tables import form_versions


def landed_versions(connection: Connection, form_id: str) -> tuple[FormVersion, ...]:
    """Return the versions of a form that have landed, oldest first."""
    found = connection.execute(
        select(form_versions)
        .where(form_versions.c.form_id == form_id)
        .order_by(form_versions.c.version_number)
    )
    return tuple(
        FormVersion(
            version_id=row.form_version_id,
            name=row.form_version_name,
            number=row.version_number,
            deployed_at=row.deployed_at,
            definition=row.definition,
            questions=tuple(_question(kept) for kept in row.questions),
        )
        for row in found
    )


def _question(kept: Mapping[str, Any]) -> QuestionDefinition:
    choices = (Choice(**choice) for choice in kept["choices"])
    return QuestionDefinition(**{**kept, "choices": tuple(choices)})

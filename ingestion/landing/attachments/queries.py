"""What is asked of `ops.attachments` and raw to find what there is to do."""

from typing import Any

from sqlalchemy import Select, Table, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql import ColumnElement

from ingestion.sources.base import DownloadLimits
from warehouse.tables import attachments as table


def unlisted_after(raw: Table, form_id: str, after: str) -> Select[Any]:
    """Select the live submissions whose latest version has no row, after an id."""
    latest = (
        select(
            raw.c.submission_id, raw.c.version_number, raw.c.change_code, raw.c.payload
        )
        .where(raw.c.form_id == form_id, raw.c.submission_id > after)
        .ext(distinct_on(raw.c.submission_id))
        .order_by(raw.c.submission_id, raw.c.version_number.desc())
        .subquery("latest")
    )
    of_it = (
        select(table.c.attachment_key)
        .where(table.c.form_id == form_id)
        .where(table.c.submission_id == latest.c.submission_id)
        .where(table.c.status_code != "deleted")
    )
    of_its_version = of_it.where(table.c.version_number == latest.c.version_number)
    return (
        select(latest, of_it.exists().label("has_rows"))
        .where(latest.c.change_code != "deleted", ~of_its_version.exists())
        .order_by(latest.c.submission_id)
    )


def waiting_after(form_id: str, after: tuple[str, str]) -> Select[Any]:
    """Select the files never tried, after one of a submission and key."""
    place = tuple_(table.c.submission_id, table.c.attachment_key)
    return (
        select(table)
        .where(table.c.form_id == form_id, table.c.status_code == "waiting")
        .where(place > after)
        .order_by(table.c.submission_id, table.c.attachment_key)
    )


def worth_another_try(form_id: str, limits: DownloadLimits) -> Select[Any]:
    """Select the files that were tried and not got, the least tried first."""
    patterns = [one.replace("*", "%") for one in limits.types]
    allowed = or_(*(table.c.media_type.like(one) for one in patterns))
    return (
        select(table)
        .where(table.c.form_id == form_id)
        .where(
            or_(
                table.c.status_code.in_(("missing", "failed")),
                # The form's limits may have been widened.
                (table.c.status_code == "too_large")
                & (table.c.size_bytes <= limits.max_bytes),
                (table.c.status_code == "refused_type") & allowed,
            )
        )
        .order_by(table.c.attempt_count, table.c.submission_id, table.c.attachment_key)
    )


def belongs_to_deleted(raw: Table) -> ColumnElement[bool]:
    """Return the condition that a file's submission is deleted, or never was."""
    last_change = (
        select(raw.c.change_code)
        .where(raw.c.form_id == table.c.form_id)
        .where(raw.c.submission_id == table.c.submission_id)
        .order_by(raw.c.version_number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(last_change, "deleted") == "deleted"

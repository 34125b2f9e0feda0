"""What is asked of the warehouse to find what there is to do."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Table, or_, select, tuple_
from sqlalchemy.sql import ColumnElement

from ingestion.sources.base import DownloadLimits
from warehouse.tables import attachments as table
from warehouse.tables import submission_states as states


def unlisted(form_id: str) -> Select[Any]:
    """Select the live submissions whose latest version has no row."""
    of_it = (
        select(table.c.attachment_key)
        .where(table.c.form_id == form_id)
        .where(table.c.submission_id == states.c.submission_id)
        .where(table.c.status_code != "deleted")
    )
    of_its_version = of_it.where(table.c.version_number == states.c.version_number)
    return (
        select(states.c.submission_id, of_it.exists().label("has_rows"))
        .where(states.c.form_id == form_id, states.c.is_live)
        .where(~of_its_version.exists())
        .order_by(states.c.submission_id)
    )


def latest_of(raw: Table, form_id: str, submission_ids: Sequence[str]) -> Select[Any]:
    """Select version and payload, as they are now, of those that are still there."""
    return (
        select(states.c.submission_id, states.c.version_number, raw.c.payload)
        .join(
            raw,
            (raw.c.form_id == states.c.form_id)
            & (raw.c.submission_id == states.c.submission_id)
            & (raw.c.version_number == states.c.version_number),
        )
        .where(states.c.form_id == form_id, states.c.is_live)
        .where(states.c.submission_id.in_(submission_ids))
        .order_by(states.c.submission_id)
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


def wanted(form_id: str, keys: Sequence[tuple[str, str]]) -> Select[Any]:
    """Select those of these keys that are of a submission that is there."""
    key = (table.c.submission_id, table.c.attachment_key)
    return (
        select(*key)
        .where(table.c.form_id == form_id, tuple_(*key).in_(keys))
        .where(table.c.status_code != "deleted", belongs_to_live())
    )


def belongs_to_live() -> ColumnElement[bool]:
    """Return the condition that a file's submission is there."""
    return (
        select(states.c.submission_id)
        .where(states.c.form_id == table.c.form_id)
        .where(states.c.submission_id == table.c.submission_id)
        .where(states.c.is_live)
        .exists()
    )

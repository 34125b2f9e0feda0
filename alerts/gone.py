"""What is open of things that the registry no longer has, so that nothing mends it."""

from sqlalchemy import Connection

from alerts import book
from ingestion.registry import Registry

GONE = "the registry no longer has it"
PARTS_OF_PLACE = 3  # DAG, task, label; a label may have dots of its own


def causes_gone(connection: Connection, registry: Registry) -> list[str]:
    """Return what is open of receivers, and of mapped tasks of forms, that are no more.

    Every mapped task is of a form and bears its name.
    """
    receivers, forms = registry.alerts.receivers, registry.forms
    by_mail = {name for name, receiver in receivers.items() if receiver.email}
    names = {form.name for form in forms}
    refused = [
        f"address_refused/{place}"
        for place in book.open_places(connection, "address_refused")
        if place not in by_mail
    ]
    failed = [
        f"task_failed/{place}"
        for place in book.open_places(connection, "task_failed")
        if _form_of(place) not in {None, *names}
    ]
    return [*refused, *failed]


def _form_of(place: str) -> str | None:
    parts = place.split(".", PARTS_OF_PLACE - 1)
    return parts[-1] if len(parts) == PARTS_OF_PLACE else None

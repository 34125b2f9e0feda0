"""The registry, `ingestion/sites.yml`: what may be written in it, and what it says."""

from ingestion.registry.entries import Alerts, Receiver, Sharing
from ingestion.registry.loading import (
    Form,
    Registry,
    load_alerts,
    load_registry,
    unregistered_form,
)

__all__ = [
    "Alerts",
    "Form",
    "Receiver",
    "Registry",
    "Sharing",
    "load_alerts",
    "load_registry",
    "unregistered_form",
]

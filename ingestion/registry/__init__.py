"""The registry, `ingestion/sites.yml`: what may be written in it, and what it says."""

from ingestion.registry.loading import (
    Form,
    Registry,
    load_registry,
    unregistered_form,
)

__all__ = ["Form", "Registry", "load_registry", "unregistered_form"]

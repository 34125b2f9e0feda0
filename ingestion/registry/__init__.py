"""The registry, `ingestion/sites.yml`: what may be written in it, and what it says."""

from ingestion.registry.loading import Form, Registry, load_registry

__all__ = ["Form", "Registry", "load_registry"]

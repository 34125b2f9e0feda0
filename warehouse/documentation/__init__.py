"""What people who query the warehouse read: dictionary, diagram, metrics, cookbook."""

from warehouse.documentation.site import write_site

__all__ = ["write_site"]

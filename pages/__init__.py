"""What dashboards and reports share once they are pages: files, and a stamp."""

from pages.stamp import says_synthetic
from pages.writing import write_pages

__all__ = ["says_synthetic", "write_pages"]

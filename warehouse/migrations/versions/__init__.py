"""One file per version of the tables: `m<version>_<what>.py`."""

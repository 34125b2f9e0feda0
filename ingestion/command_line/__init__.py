"""The commands of `python -m ingestion`, one module each."""

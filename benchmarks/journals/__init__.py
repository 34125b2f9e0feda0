"""The journals that are ingested: made from the synthetic pilot's, kept in files."""

"""Specs drawn as self-contained HTML pages that work from disk, with no network."""

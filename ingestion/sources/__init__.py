"""One adapter per kind of server; adapters never import one another."""

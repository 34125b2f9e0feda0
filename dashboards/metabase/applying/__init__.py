"""Bring a Metabase to what it should be: each thing looked at, then written once."""

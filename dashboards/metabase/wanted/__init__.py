"""What Metabase should hold, said without any of its numbers."""

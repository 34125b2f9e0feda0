"""What the pilot must come to, by a clean-up in plain Python."""

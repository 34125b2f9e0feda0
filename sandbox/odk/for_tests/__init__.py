"""What tests of the stand-in, and of what reads from it, have in common."""

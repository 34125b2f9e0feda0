"""What can be made to go wrong, and what has gone wrong for good."""

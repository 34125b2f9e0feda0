"""The books of landing: runs, who may run now, and what was counted."""

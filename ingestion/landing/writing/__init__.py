"""From a page of submissions to raw: what it is, its rows, the statements of a run."""

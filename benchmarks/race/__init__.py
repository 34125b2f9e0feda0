"""Who runs, in which steps, how often; and running them."""

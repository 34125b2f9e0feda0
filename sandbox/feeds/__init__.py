"""What the warehouse is fed from: a form server that runs, files that are dropped."""

"""Everything needed to try and test the warehouse with nothing else installed."""

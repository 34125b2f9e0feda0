"""Building the warehouse on panels of growing size, and asking it afterwards."""

"""From the socket to a view: controls, faults, routes, the store of files."""

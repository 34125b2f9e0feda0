"""From the socket to a view: what the proxy refuses, faults spoil, routes find."""

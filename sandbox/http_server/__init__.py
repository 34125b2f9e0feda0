"""What every stand-in is made of: the socket, faults, the controls."""

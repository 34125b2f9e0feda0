"""What every form server stand-in is made of: the socket, faults, the controls."""

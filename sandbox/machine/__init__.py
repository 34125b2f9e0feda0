"""What every service needs of the machine it runs on: a folder, ports, processes."""

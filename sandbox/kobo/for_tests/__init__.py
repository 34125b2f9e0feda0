"""What tests put before the server: forms to serve, and people who use them."""

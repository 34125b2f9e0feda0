"""Who may call: accounts, and the permissions that each is shown."""

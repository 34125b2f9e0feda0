"""Who may call the stand-in: accounts, and the sessions they open."""

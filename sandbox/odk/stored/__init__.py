"""What the server keeps: forms, their versions, what happened, how it stands."""

"""How the journals arrived: late, twice, mistyped, edited, or not at all."""

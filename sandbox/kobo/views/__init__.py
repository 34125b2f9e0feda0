"""The endpoints by what they are about, and what they share of reading and showing."""

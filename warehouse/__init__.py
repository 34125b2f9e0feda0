"""What the database is: how to reach it, its hand-made tables, and how dbt runs."""

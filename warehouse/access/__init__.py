"""Roles, the rows they may read, and the tables that say so: from the registry's `access:`.

Nothing is imported here: the registry takes the shape of an entry from `entries`.
"""

"""Roles and whose rows they read, from `access:` of the registry to the database.

Nothing is imported here: the registry takes the shape of an entry from `entries`.
"""

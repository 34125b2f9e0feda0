"""Submissions as OData rows: by the form's current version, numbers as JavaScript's."""

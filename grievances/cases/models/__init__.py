"""The database tables of a case and of what belongs to it."""

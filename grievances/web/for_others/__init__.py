"""Pages of concerns that another person raises: to confirm one, and to type one for a caller."""

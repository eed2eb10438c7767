"""Statements of SQL: compiled once, many rows at once, and the triggers that guard tables."""

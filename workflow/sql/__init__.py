"""Statements of SQL: compiled once, and many rows at once.

The triggers that guard tables are here too.
"""

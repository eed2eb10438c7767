"""Concerns about race discrimination, from the first word to the last check-in."""

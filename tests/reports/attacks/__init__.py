"""Attackers on the reports, written apart from the protection."""

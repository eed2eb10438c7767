"""Requests for one's own data, and data-protection complaints: days, no people."""

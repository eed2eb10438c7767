"""Requests for one's own data and data-protection complaints: only their days, never a person."""

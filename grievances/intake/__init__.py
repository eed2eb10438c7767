"""Drafts of concerns and their submission."""

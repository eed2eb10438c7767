"""Concerns that belong together: links between cases, and earlier ones about the same person."""

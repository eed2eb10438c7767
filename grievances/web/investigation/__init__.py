"""Pages of an investigation."""

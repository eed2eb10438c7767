"""Pages of a case."""

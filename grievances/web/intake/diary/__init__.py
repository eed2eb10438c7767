"""Pages of the private diary of one person."""

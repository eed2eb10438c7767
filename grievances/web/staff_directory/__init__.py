"""Pages on which the staff directory is kept: one entry, and a whole file."""

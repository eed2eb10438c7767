"""Letters to take out, and the page of their blocks."""

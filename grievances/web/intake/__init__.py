"""Pages to raise a concern, with and without an account."""

"""Pages for raising a concern, with and without an account."""

"""Access tokens: what a program of the organisation shows in place of a person's sign-in."""

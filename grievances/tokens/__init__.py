"""Access tokens, which a program shows in place of a person's sign-in."""

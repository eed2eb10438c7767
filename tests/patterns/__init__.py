"""Earlier concerns about the same person, and links."""

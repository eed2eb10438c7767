"""The page on which complainants describe themselves for the statistics."""

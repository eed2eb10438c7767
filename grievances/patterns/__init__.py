"""Links between cases, and earlier concerns about the same person."""

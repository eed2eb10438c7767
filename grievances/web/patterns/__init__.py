"""Pages of earlier concerns about the same person or unit, and of links between cases."""

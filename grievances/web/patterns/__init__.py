"""Pages of earlier concerns, and of links between cases."""

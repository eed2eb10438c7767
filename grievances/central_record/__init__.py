"""Take concerns that were handled elsewhere, or before, into the central record (K10)."""

"""Take concerns that were handled elsewhere into the central record (K10)."""

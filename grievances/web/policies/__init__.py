"""Pages where two people agree on a policy."""

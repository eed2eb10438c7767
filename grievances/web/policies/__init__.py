"""Pages on which two people agree on a policy."""

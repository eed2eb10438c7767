"""How the keys of a case are stored: in bundles."""

"""Charts of protected figures."""

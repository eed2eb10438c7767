"""`perform()`, the only way a case changes, and what it needs."""

"""The heart: what a case is, its steps, who may take them, and how a case changes."""

"""A case: its data, its steps, who may take them, and how a case changes."""

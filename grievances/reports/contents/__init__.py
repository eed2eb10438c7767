"""The contents of each report, as pieces of a section each. Builders only."""

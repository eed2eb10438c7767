"""The production services, started for real."""

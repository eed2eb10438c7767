"""The embedded run, started for real."""

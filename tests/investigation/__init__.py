"""The room of an investigation."""

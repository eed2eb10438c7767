"""The declarations of the steps, by stage."""

"""The forms of the steps, by stage."""

"""Forms of the steps, by stage."""

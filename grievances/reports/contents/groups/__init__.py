"""Groups of people that are compared. Builders only."""

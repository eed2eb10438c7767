"""What each report says: questions put to the pieces. Builders only."""

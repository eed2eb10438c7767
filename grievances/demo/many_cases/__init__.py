"""Many cases beside the demonstration, made in bulk."""

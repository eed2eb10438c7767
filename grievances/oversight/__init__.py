"""What those who check the organisation count and state."""

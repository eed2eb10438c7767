"""Who is told of what, and the messages they are sent."""

"""Who is notified of which event, and the messages they are sent."""

"""People who work while parts of the service are killed, stopped and slowed."""

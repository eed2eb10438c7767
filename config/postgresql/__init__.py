"""Django's PostgreSQL backend, with what a connection needs behind a pooler."""

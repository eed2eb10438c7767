"""The product and its peer as they are in use: over HTTP, by gunicorn, on one PostgreSQL server."""

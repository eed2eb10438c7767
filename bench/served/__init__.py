"""The product and its peer as they are in use.

They answer over HTTP, by gunicorn, on one PostgreSQL server.
"""

"""Middleware that looks at a request before anything of it is used."""

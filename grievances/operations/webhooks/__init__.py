"""Signed calls to a program of the organisation when the state of the service changes."""

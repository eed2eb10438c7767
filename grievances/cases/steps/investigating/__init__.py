"""Declarations of the steps inside an investigation."""

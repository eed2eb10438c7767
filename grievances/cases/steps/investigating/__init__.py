"""Declarations of the steps inside an investigation: meetings, evidence, examination."""

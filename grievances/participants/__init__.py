"""Companions, respondents, witnesses and interpreters."""

"""The page of tribunal dates."""

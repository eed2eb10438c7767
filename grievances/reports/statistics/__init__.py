"""Survival, competing risks, intervals and variation (domain.md 9)."""

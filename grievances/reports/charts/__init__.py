"""Drawings of protected figures."""

"""Passwords, recovery and single sign-on."""

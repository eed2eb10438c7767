"""Passkeys: added, removed, asked for, and allowed to open the records."""

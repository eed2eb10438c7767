"""Backups and the rotation of server keys."""

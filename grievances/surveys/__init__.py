"""Invitations, answers, comments and the staff survey."""

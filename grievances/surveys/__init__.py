"""Survey invitations, answers, comments and the staff survey."""

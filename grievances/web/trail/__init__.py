"""The auditor's page: steps and dates of each case, and whether its trail is intact."""

"""Pages of an auditor: steps and dates of each case, and its trail's integrity."""

"""The public page of lessons and promises, and the page on which HR keeps it."""

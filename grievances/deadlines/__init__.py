"""The deadline sweep, reminders, recomputation and the approval of policies."""

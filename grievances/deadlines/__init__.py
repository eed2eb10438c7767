"""The deadline sweep, reminders and recomputation."""

"""The sweep of due dates, reminders, recomputation and the approval of policies."""

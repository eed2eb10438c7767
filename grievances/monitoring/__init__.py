"""Monitoring answers: what complainants say of themselves, for statistics alone.

This follows domain.md 7.

- `codes` are the lists of answers as data.
- `answers` writes and never reads.
- `statistics` reads for the statistics job.
- `quality` says how complete the data are.
- `roles` separates the two database roles on PostgreSQL.
"""

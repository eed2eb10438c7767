"""What complainants say of themselves, for statistics alone (domain.md 7).

`codes` are the lists of answers as data, `answers` writes and never reads, `statistics` reads for
the statistics job, `quality` says how complete it is, and `roles` parts the two on PostgreSQL.
"""

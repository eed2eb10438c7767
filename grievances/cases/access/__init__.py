"""Who may read what and take which step: one rule for every question."""

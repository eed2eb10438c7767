"""Who may read what and take which step: one rule answers every question."""

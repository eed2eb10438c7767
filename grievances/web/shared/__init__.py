"""What all pages share: fields, sessions, rate limits, error pages, the clock."""

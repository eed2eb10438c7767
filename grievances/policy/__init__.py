"""Time limits, calendars, retention and tribunal law as versioned data."""

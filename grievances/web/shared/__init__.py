"""What every page uses: form fields, sessions, rate limits, errors, the clock."""

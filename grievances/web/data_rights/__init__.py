"""The page on which the data-protection officer keeps the register of requests."""

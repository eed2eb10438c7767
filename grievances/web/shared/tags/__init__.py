"""Tags and filters of templates that many pages use."""

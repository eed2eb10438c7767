"""Keep the staff directory true: import it from the HR system, and change it on pages."""

"""The benchmark. It is not written yet, and says so."""

"""Pages on which an earlier register is imported."""

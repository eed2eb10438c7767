"""Files of a case: their kind, virus scan, hidden details, storage and reading."""

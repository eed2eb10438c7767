"""The staff directory: people, units, line managers, training, offices."""

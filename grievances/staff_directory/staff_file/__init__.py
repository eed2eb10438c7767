"""The staff file as HR keeps it: its table, its columns, its dates and what a line says."""

"""Pages of one case: list, case, steps, files, export, search."""

"""What holds for the cells of a workbook."""

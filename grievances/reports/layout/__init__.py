"""A report as page, table, workbook and file."""

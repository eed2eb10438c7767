"""The forms of a report: page, table, workbook and file."""

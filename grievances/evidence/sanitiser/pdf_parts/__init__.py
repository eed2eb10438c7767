"""Parts of a PDF: the entries that stay, pages, fonts, and private data."""

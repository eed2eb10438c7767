"""The parts of a PDF: which entries stay, its pages, its fonts, and what is private."""

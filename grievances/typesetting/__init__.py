"""Accessible PDF files, typeset from layouts of ours."""

"""Where data is kept: the databases, and the folder or bucket of sealed files."""

"""Our own parts of the user interface, and the build.

The build copies them and the parts of other packages into one folder.
"""

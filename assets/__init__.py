"""Our own parts of the interface, and the build that puts them beside the bought-in ones."""

"""Every address of the pages, and the view that answers there."""

"""Letters made of blocks that two people approved, and their accessible PDF."""

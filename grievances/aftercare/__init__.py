"""Ask people how they are treated after a concern, and keep the answers for them."""

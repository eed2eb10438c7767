"""Pages of concerns that another person raises.

One confirms a concern; one is to type a concern for a caller.
"""

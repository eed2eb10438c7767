"""What the page of a case reads of its records and events.

How a look is recorded is here as well.
"""

"""The demonstration: an organisation made up for showing the product, and a year of its cases.

Every case in it was walked through the product's own actions, with the time passed in. Nothing
here runs in production.
"""

from grievances.demo.accounts import PASSWORD, accounts_text

__all__ = ["PASSWORD", "accounts_text"]

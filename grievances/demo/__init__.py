"""The demonstration: a made-up organisation, and a year of its cases.

Every case in it went through the product's own actions, with the time passed in. Nothing here runs
in production.
"""

from grievances.demo.accounts import PASSWORD, accounts_text

__all__ = ["PASSWORD", "accounts_text"]

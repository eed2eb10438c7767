"""Cleaners of recordings: each copies sound and picture, and blanks the rest.

Every module has `clean(original, copy, found)`, like the other cleaners of the sanitiser.
"""

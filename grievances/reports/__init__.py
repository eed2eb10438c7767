"""Reports: counts, never people.

Builders compute and protect; pages show protected objects.
"""

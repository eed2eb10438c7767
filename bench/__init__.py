"""The benchmark: ratios, each measured beside the thing it is compared with in the same run.

Absolute times on a shared machine say little; a ratio of two medians from interleaved rounds does.
Source: performance.md 12.
"""

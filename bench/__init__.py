"""The benchmark: ratios, each measured in one run beside what it is compared with.

Absolute times on a shared machine say little. A ratio of two medians from interleaved rounds says
more. Source: performance.md 12.
"""

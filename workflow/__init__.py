"""A small library for work that moves in steps, against promised dates, on a record.

It knows no case: steps, calendars, clocks and the append-only trail are given their words by
the application that uses them.
"""

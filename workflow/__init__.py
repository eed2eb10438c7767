"""A library for work in steps, with promised dates, recorded in a trail.

It knows nothing of cases. The application that uses it defines the steps, the calendars, the clocks
and the entries of the append-only trail.
"""

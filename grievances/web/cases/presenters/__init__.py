"""What case pages show, prepared for the templates; the JSON answers come from here.

Templates decide nothing: rights come from `access`, what is possible from the steps, dates from
the policy.
"""

"""What case pages show, prepared for the templates and for JSON.

Templates decide nothing. Permissions come from `cases.access`, possible steps from `cases.steps`,
and dates from the policy.
"""

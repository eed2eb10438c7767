"""The work of an investigation: plan, people, meetings, evidence, examination, report."""

"""An investigation: plan, people, meetings, evidence, examination, report."""

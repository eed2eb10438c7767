"""Work of officers on a case: triage, investigation, reading, search and export."""

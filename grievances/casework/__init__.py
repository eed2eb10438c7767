"""What officers do around a case: triage, investigation, reading, search, export."""

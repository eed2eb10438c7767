"""What the page of a case reads of records and events, and records itself."""

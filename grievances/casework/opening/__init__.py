"""What the page of a case reads of its records and events, and how a look is recorded."""

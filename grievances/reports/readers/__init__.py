"""What a reader of reports meets first, wants to hear of, and notes on a figure."""

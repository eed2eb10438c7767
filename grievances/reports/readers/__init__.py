"""What readers of reports add: which they want to hear of, and notes on figures."""

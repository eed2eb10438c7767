"""The audit trail: hash-chained events, and the chain heads exported each day."""

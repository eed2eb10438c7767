"""The audit trail: hash-chained events and the signed chain heads exported each day."""

"""The audit trail: hash-chained events and the signed heads exported each day."""

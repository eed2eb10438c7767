"""SCIM 2.0: the HR system keeps the directory itself (RFC 7643 and RFC 7644)."""

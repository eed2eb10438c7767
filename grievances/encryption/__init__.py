"""Encrypt to people and to the server: primitives, key pairs, server keys, files, signatures."""

"""Encrypt to people and to the server.

It has primitives, key pairs, server keys, files and signatures.
"""

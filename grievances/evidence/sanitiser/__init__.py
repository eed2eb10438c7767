"""A short-lived process that opens one hostile file, so that the server never has to.

It gets the file by asking for pieces of it on a pipe, holds no key, no setting and no secret, may
write no file, and ends when it takes too much memory or time. It imports neither Django nor any
other module of ours (dependencies.md 7).
"""

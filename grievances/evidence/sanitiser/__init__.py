"""The sanitiser: a short-lived process that opens one untrusted file.

The server itself never opens the file. The process asks for pieces of it on a pipe. It holds no
key, no setting and no secret, and may write no file. It ends when it takes too much memory or time.
It imports neither Django nor any other module of ours (dependencies.md 7).
"""

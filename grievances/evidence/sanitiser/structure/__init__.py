"""Judge what kind a file is by its structure, not by a few bytes anywhere.

`kinds.kind_of` is the judgement. It imports neither Django nor a decoder, and reads a bounded part
of the file, so the server itself may run it.
"""

"""Judge from a file's own structure what kind it is, never from a few bytes anywhere.

`kinds.kind_of` is the judgement. It imports neither Django nor a decoder, and reads a bounded part
of the file, so the server itself may run it.
"""

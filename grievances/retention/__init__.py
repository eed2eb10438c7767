"""How long a case is kept, who may erase it, and the certificate of erasure."""

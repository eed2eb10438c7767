"""The parts of documents, and what may stay in them."""

"""Files on their way in: what kind they are, whether they are safe, what they give away."""

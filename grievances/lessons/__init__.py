"""What the organisation learned and promised: published to everyone, kept by HR."""

"""Training of the embedded encoder."""

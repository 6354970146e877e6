"""Documents: reading originals of any format into one shape, and what is made of them (passages, draft records)."""

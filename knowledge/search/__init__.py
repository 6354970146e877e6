"""The read side of the index: legs that score entries for a question, and the learned ranking over them."""

"""Load and kills: the whole program under messages through webhooks, against imitations of the chat services that are slow and fail."""

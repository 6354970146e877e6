"""Imitations of the chat services on loopback, which fail as scripted, and people who talk to the bot through them."""

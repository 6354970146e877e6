"""Zalo Bot Platform: the pilot channel (few users, few messages a month, no buttons)."""

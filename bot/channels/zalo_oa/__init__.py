"""Zalo Official Account, OpenAPI v3: events in by webhook, consultation messages out, tokens kept fresh."""

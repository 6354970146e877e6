"""Hostile input from every side: what comes of it must be an answer or a clear refusal."""

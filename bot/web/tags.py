"""ETags: what a browser has already is not sent again."""

from __future__ import annotations

from fastapi import Request


def has_already(request: Request, tag: str) -> bool:
    """Whether the asker holds the content with this ETag (quoted)."""
    known = [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]
    return tag in known

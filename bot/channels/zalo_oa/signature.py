"""Whether a delivered event comes from Zalo: the ``X-ZEvent-Signature`` header. Pure.

The signature is SHA-256 (not HMAC) over application id + body + time stamp + OA Secret Key, as the documentation of the webhook
says. Whether the time stamp is that of the header ``X-ZEvent-Timestamp`` or of the body's field ``timestamp`` differs between
public sources, so both are tried, and so are the value with ``mac=`` before it and without.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from enum import StrEnum

_VALUE = re.compile(r"^\s*(?:mac=)?([0-9a-f]{64})\s*$", re.IGNORECASE)
_SECONDS_BELOW = 100_000_000_000
"""Milliseconds since 1970 are above this number since 1973, seconds for the next three thousand years below."""


class Form(StrEnum):
    """Which time stamp the signature was made over; logged (the form, never the value), for the sources disagree."""

    HEADER = "X-ZEvent-Timestamp"
    BODY = "timestamp"


def signed(raw: bytes, signature: str, app_id: str, secret: str, *, header_time: str | None, body_time: str | None) -> Form | None:
    """Check a signature against the raw bytes of the body, in constant time.

    Args:
        raw: the body as it came; written anew from JSON it would not match.
        signature: the header's value.
        app_id: of the configuration, never of the body, which an attacker writes.
        secret: the OA Secret Key (not the App Secret).
        header_time, body_time: the time stamps that came with the event, none where there is none.

    Returns:
        the form that matches, none where none does.
    """
    found = _VALUE.match(signature)
    if found is None:
        return None
    given = found[1].lower()
    for form, stamp in ((Form.HEADER, header_time), (Form.BODY, body_time)):
        if stamp is None:
            continue
        made = hashlib.sha256(app_id.encode() + raw + stamp.encode() + secret.encode()).hexdigest()
        if hmac.compare_digest(made, given):
            return form
    return None


def age(stamp: str, now: float) -> float | None:
    """Seconds between a time stamp (milliseconds since 1970, or seconds) and ``now``; none where it is not a number."""
    if not re.fullmatch(r"[0-9]{1,16}", stamp):
        return None
    value = int(stamp)
    return now - (value if value < _SECONDS_BELOW else value / 1000)
